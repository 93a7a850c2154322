/*
 * What the texts of a definition name: the variables between `{{` and `}}` and in tags. Of the listed ones each has a
 * value somewhere; what only an event or its course brings is not known beforehand.
 */

/** A variable as `GET /v1/variables` lists it: an open name ends in `<data>` or the like. */
export interface ListedVariable {
  type: string;
  label: string;
}

/** Whether a variable is listed, or a part of one that is, or below an open one: that is known when a message is rendered. */
export const isListed = (name: string, variables: readonly ListedVariable[]): boolean =>
  variables.some(({ type }) => {
    const [stem = "", open] = type.split("<");
    return open === undefined ? name === type || name.startsWith(`${type}.`) : name.startsWith(stem);
  });

const PARTS = /\{\{-?([\s\S]*?)-?\}\}|\{%-?([\s\S]*?)-?%\}/g;
const COMMENTS = /\{%-?\s*comment\b[\s\S]*?\{%-?\s*endcomment\s*-?%\}/g;
const QUOTED = /"[^"]*"|'[^']*'/g;
const NAME = /(?<![\w.:-])[A-Za-z_][\w-]*(?:\.[\w-]+)*(?!\s*:|[\w.(-])/g;
/** Words of the language itself. */
const WORDS = new Set([
  ...["if", "elsif", "else", "endif", "unless", "endunless", "case", "when", "endcase", "assign", "capture"],
  ...["endcapture", "and", "or", "not", "contains", "true", "false", "nil", "null", "empty", "blank"],
]);

/**
 * The variables that a text names, each once, as far as they are written out; what it assigns itself is none. A quick
 * look for browsers: the server parses.
 */
export function namesIn(text: string): string[] {
  const own = new Set<string>();
  const names = new Set<string>();
  for (const [, output, tag] of text.replace(COMMENTS, "").matchAll(PARTS)) {
    const code = (output ?? tag ?? "").replace(QUOTED, '""');
    const made = /^\s*(?:assign|capture)\s+([\w-]+)/.exec(tag === undefined ? "" : code)?.[1];
    const said = code
      // A bracket holds a name that is known only later, and so is all it belongs to.
      .replace(/[\w.-]*\[[^\]]*\][\w.-]*/g, '""')
      .replace(/\|\s*[\w-]+\s*:?/g, "|");
    for (const [name] of said.matchAll(NAME)) if (!WORDS.has(name) && name !== made && !own.has(name)) names.add(name);
    if (made !== undefined) own.add(made);
  }
  return [...names];
}
