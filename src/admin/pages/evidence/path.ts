import { hrefWith } from "../../components/forms/filters";
import type { Visit } from "../../visit";

export const EVIDENCE = "/settings/evidence";

/** Where a pack about something is asked for. */
export const evidenceOf = (
  visit: Pick<Visit, "path">,
  { kind, id }: { kind: "course" | "segment" | "automation"; id: string },
): string => hrefWith(visit.path(EVIDENCE), { kind, about: id });
