/* What a card says, taken apart: `catalogue/card.ts` tells how it is written. */

export type Part =
  | { text: string }
  | { key: string; filter?: string; fallback?: string; shows: "value" | "nothing" | "absence" }
  | { optional: Part[] }
  | { positive: string; negative: string };

/** A slot's inside: `key`, `key?`, `!key`, `key|filter`, `key: fallback`, `key: fallback|filter`. */
function slot(inside: string): Part {
  const [head = "", filter] = inside.split("|");
  const [key = "", fallback] = head.split(": ");
  return {
    key: key.replace(/^!|\?$/g, ""),
    shows: key.startsWith("!") ? "absence" : key.endsWith("?") ? "nothing" : "value",
    ...(filter === undefined ? {} : { filter }),
    ...(fallback === undefined ? {} : { fallback }),
  };
}

function parse(template: string): Part[] {
  const outer: Part[][] = [[]];
  for (const token of template.match(/\{[^}]*\}|<[^>]*>|\[|\]|[^{<[\]]+/g) ?? []) {
    const here = outer.at(-1) ?? [];
    if (token === "[") outer.push([]);
    else if (token === "]") {
      outer.pop();
      outer.at(-1)?.push({ optional: here });
    } else if (token.startsWith("{")) here.push(slot(token.slice(1, -1)));
    else if (token.startsWith("<")) {
      const [positive = "", negative = ""] = token.slice(1, -1).split("|");
      here.push({ positive, negative });
    } else here.push({ text: token });
  }
  return outer[0] ?? [];
}

const parsed = new Map<string, Part[]>();

export function partsOf(template: string): Part[] {
  let parts = parsed.get(template);
  if (!parts) {
    parts = parse(template);
    parsed.set(template, parts);
  }
  return parts;
}
