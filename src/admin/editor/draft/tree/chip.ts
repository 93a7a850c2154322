import type { ListedVariable } from "../../../../definition/variables";
import { say } from "../../../../language/say";
import { unknownIn } from "../unknown";

/* A piece of Liquid in the editor of a mail, called by its variable's label. */

/** What stands where there is no value: `| default: "there"`. */
const INSTEAD = /^\|\s*default:\s*(?:"([^"]*)"|'([^']*)')$/;

/** What is done to a variable, behind its name. */
function withFilters(label: string, filters: string): string {
  const [, one, other] = INSTEAD.exec(filters) ?? [];
  const text = one ?? other;
  if (text) return say("{name}, or “{text}”", { name: label, text });
  return filters === "" ? label : `${label} ${filters}`;
}

/** What a piece of Liquid is called: "The user's name", with what is done to it. */
export function chipOf(code: string, variables: readonly ListedVariable[]): { label: string; isKnown: boolean } {
  const [, name = "", rest = ""] = /^\{\{-?\s*([\w.-]+)\s*((?:\|[\s\S]*?)?)-?\}\}$/.exec(code) ?? [];
  const label = variables.find(({ type }) => type === name)?.label;
  return {
    label: label === undefined ? code : withFilters(label, rest.trim()),
    isKnown: unknownIn(code, variables).length === 0,
  };
}
