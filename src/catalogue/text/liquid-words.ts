/*
 * What the engine of templates says of what it cannot read, in our words: of what stands there, not of how it is parsed.
 */

type Says = (found: readonly string[]) => string;

const MOST_QUOTED = 100;

const noEnd = (what: string, end: string): string => {
  const quoted = what.length > MOST_QUOTED ? `${what.slice(0, MOST_QUOTED)}…` : what;
  return `"${quoted}" has no end: close it with ${end}`;
};

/** A tag that is whole lacks the tag that ends it; another lacks its own end. */
const tagEnd = (tag: string): string => (tag.endsWith("%}") ? `{% end${/\w+/.exec(tag)?.[0] ?? ""} %}` : "%}");

const SAID: readonly (readonly [RegExp, Says])[] = [
  [/^output "?(.+?)"? not closed$/s, ([output = ""]) => noEnd(output.trim(), "}}")],
  [/^tag "?(\{%.*?)"? not closed$/s, ([tag = ""]) => noEnd(tag.trim(), tagEnd(tag.trim()))],
  [/^\[ not closed$/, () => noEnd("[", "]")],
  [/^(?:unbalanced parentheses|invalid range syntax)$/, () => noEnd("(", ")")],
  [/^undefined filter: (.+)$/s, ([name = ""]) => `there is no filter ${JSON.stringify(name)}`],
  [/^tag "(.+)" not found$/s, ([name = ""]) => `{% ${name} %} belongs to nothing before it`],
  [/^tag "?(\w+)"? is not /s, ([name = ""]) => `{% ${name} %} cannot be used here`],
  [/^unexpected (\w+) after else$/, ([name = ""]) => `{% ${name} %} stands behind {% else %}`],
  [/^duplicated else$/, () => "{% else %} stands there twice"],
  [/^(?:expected variable name|invalid capture name)/, () => "a name is missing"],
  [/^expected "="$/, () => '"=" is missing'],
  [/^expected "\|" before filter$/, () => 'what follows a value begins with "|"'],
  [/^expected filter name$/, () => 'behind "|" the name of a filter is missing'],
  [/^illegal (?:liquid )?tag syntax/, () => "the name of a tag is missing"],
  [/^(?:invalid value expression|unexpected token)/, () => "a value is missing"],
  [/^unexpected character/, () => "something stands here that may not"],
  [/limit exceeded$/, () => "it makes too much on the way"],
];

const PLACE = /,? line: ?(\d+), col: ?(\d+)$/;

/** A message of the engine in our words, with where in the template it is. */
export function inOwnWords(message: string): string {
  const [, line, column] = PLACE.exec(message) ?? [];
  const bare = message.replace(PLACE, "");
  const where = line === undefined ? "" : ` (line ${line}, column ${column})`;
  for (const [pattern, says] of SAID) {
    const found = pattern.exec(bare);
    if (found) return says(found.slice(1)) + where;
  }
  return `this cannot be read${where}`;
}
