/**
 * Goes through ids in their order, page by page.
 * @param read gives the ids after one, at most `size` of them; "": from the first
 */
export async function* pages(size: number, read: (after: string) => Promise<string[]>): AsyncGenerator<string[]> {
  for (let after = ""; ; ) {
    const page = await read(after);
    if (page.length) yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < size) return;
    after = last;
  }
}
