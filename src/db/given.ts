/** So many rows a statement names one by one; of `json_each` D1 counts each as a row read. */
const NAMED = 100;

/**
 * What selects the rows that a statement is given as one JSON text, a list of lists: `with one(id) as (…)`.
 * @param text the parameter that has it
 */
export function givenRows(text: string, { rows, columns }: { rows: number; columns: number }): string {
  const places = Array.from({ length: columns }, (_, place) => place);
  if (rows > NAMED) return `select ${places.map((place) => `value ->> ${place}`).join(", ")} from json_each(${text})`;
  const row = (n: number) => `(${places.map((place) => `${text} ->> '$[${n}][${place}]'`).join(", ")})`;
  return `values ${Array.from({ length: rows }, (_, n) => row(n)).join(", ")}`;
}
