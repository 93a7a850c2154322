import { keyOf, type Thing } from "../../../automations/graph/things";
import { hrefWith } from "../../components/forms/filters";
import type { Visit } from "../../visit";

/** The map of what is around a node. */
export const mapPath = (visit: Pick<Visit, "path">, about: string, depth?: 2): string =>
  hrefWith(visit.path("/map"), { about, depth: depth === undefined ? undefined : String(depth) });

/** The map of what touches a thing. */
export const mapOf = (visit: Pick<Visit, "path">, thing: Thing): string => mapPath(visit, keyOf(thing));
