/* Fields by what they are shown under. */

interface Field {
  category: string | null;
}

/** The categories that fields have, each once, in order. */
export const categoriesOf = (fields: readonly Field[]): string[] =>
  [...new Set(fields.flatMap(({ category }) => category ?? []))].sort((one, other) => one.localeCompare(other));

/** Fields by their categories: those without one first. */
export function byCategory<T extends Field>(fields: readonly T[]): (readonly [category: string | null, T[]])[] {
  return [null, ...categoriesOf(fields)].flatMap((category) => {
    const group = fields.filter((one) => one.category === category);
    return group.length ? [[category, group] as const] : [];
  });
}
