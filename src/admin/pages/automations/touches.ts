import { holdsSought } from "../../../base/text/text";
import type { OptionSchema } from "../../../definition/catalogue";
import { isRecord } from "../../../definition/types";
import type { AnswerTo } from "../../../http/answering/answers";
import type { Words } from "../../words/sentences/sentence";

type Automation = AnswerTo<"GET /v1/automations/:id">;
type Searched = Pick<Automation, "name" | "when" | "only_if" | "then" | "exit_when" | "exit_if">;

/** What the search of automations asks for: words of the name, and what they are to touch ("touches:tag:vip"). */
export interface Search {
  text: string;
  touches: { kind: string; value: string }[];
}

/** Reads a search: `vip welcome touches:tag:vip`, a value with blanks in quotes: `touches:tag:"very vip"`. */
export function readSearch(typed: string): Search {
  const touches: Search["touches"] = [];
  const text = typed
    .replace(/touches:([a-z_]+):(?:"([^"]*)"|(\S+))/gi, (_, kind: string, quoted?: string, bare?: string) => {
      touches.push({ kind: kind.toLowerCase(), value: (quoted ?? bare ?? "").toLowerCase() });
      return " ";
    })
    .replaceAll(/\s+/g, " ")
    .trim();
  return { text: text.toLowerCase(), touches };
}

/** What the route's own search, by a text in name or definition, may be asked for beforehand: it leaves out no match. */
export function narrowing({ text, touches }: Search): string {
  // The database lowers ASCII alone, and JSON writes some letters otherwise.
  const asWritten = [text, ...touches.map(({ value }) => value)].filter((one) => /^[ !#-[\]-~]*$/.test(one));
  return asWritten.reduce((longest, one) => (one.length > longest.length ? one : longest), "");
}

const pickerOf = (schema: OptionSchema | undefined): string | undefined => schema?.picker ?? schema?.items?.picker;

/** Every id that a part of a definition names, with its kind; "type" where it names the kind of card itself. */
function* named(part: unknown, words: Words): Generator<readonly [kind: string, value: string]> {
  if (Array.isArray(part)) {
    for (const one of part) yield* named(one, words);
    return;
  }
  if (!isRecord(part)) return;
  const type = typeof part.type === "string" ? part.type : undefined;
  const properties = type
    ? (["trigger", "condition", "action"] as const).map((kind) => words.entry(kind, type)?.params.properties)
    : [];
  if (type) yield ["type", type];
  for (const [key, value] of Object.entries(part)) {
    const kind = properties.map((all) => pickerOf(all?.[key])).find((picker) => picker !== undefined);
    if (kind === undefined) yield* named(value, words);
    else for (const one of Array.isArray(value) ? value : [value]) if (typeof one === "string") yield [kind, one];
  }
}

/** Whether an automation answers a search. */
export function matches(automation: Searched, { text, touches }: Search, words: Words): boolean {
  if (!holdsSought(automation.name, text)) return false;
  if (touches.length === 0) return true;
  const { when, only_if, then, exit_when, exit_if } = automation;
  const all = [...named([when, only_if, then, exit_when, exit_if], words)];
  return touches.every((one) => all.some(([kind, value]) => kind === one.kind && value.toLowerCase() === one.value));
}
