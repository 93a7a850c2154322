import type { CatalogueEntry } from "../../../../definition/catalogue";
import type { Step } from "../../../../definition/types";

/** A message as a step has it, or as far as it has it. */
export interface Letter {
  subject: string;
  body: string;
  /** Whether it is mail, whose body is HTML or becomes it. */
  html: boolean;
  /** Of mail: what stands around it. */
  kind: "transactional" | "marketing" | "collaborators";
  /** What else of a mail a test is sent with. */
  more: { text?: string; from_name?: string; reply_to?: string };
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** The message that a step sends, where it sends one to be read. */
export function letterOf(step: Step, entry: CatalogueEntry | undefined): Letter | undefined {
  const options = entry?.params.properties ?? {};
  const template = options.body?.template;
  if ((template !== "html" && template !== "text") || typeof step.body !== "string") return undefined;
  const kind = step.kind === "marketing" ? "marketing" : "transactional";
  const more = (["text", "from_name", "reply_to"] as const).filter((key) => textOf(step[key]) !== "");
  return {
    subject: textOf(step.subject) || textOf(step.title),
    body: step.body,
    html: template === "html",
    kind: options.kind ? kind : "collaborators",
    more: Object.fromEntries(more.map((key) => [key, textOf(step[key])])),
  };
}
