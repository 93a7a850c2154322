/** A text is cut so that a row, at three bytes a character, stays under the platform's 2 MB. */
const SLICE_LENGTH = 500_000;

/** Cuts a text for rows of their own, never through a character: SQLite would keep neither half of one. */
export function slicesOf(text: string, length = SLICE_LENGTH): string[] {
  const slices: string[] = [];
  let from = 0;
  do {
    let to = Math.min(from + length, text.length);
    const last = text.charCodeAt(to - 1);
    if (to < text.length && last >= 0xd800 && last <= 0xdbff) to--;
    slices.push(text.slice(from, to));
    from = to;
  } while (from < text.length);
  return slices;
}
