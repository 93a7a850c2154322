/** What keeps its order between both lists, by its places in them: a longest common subsequence. */
export function kept(before: readonly string[], after: readonly string[]): [before: number, after: number][] {
  // Beginnings and ends are mostly the same: only what lies between is compared each with each.
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const rest = Math.min(before.length, after.length) - head;
  while (tail < rest && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const was = before.slice(head, before.length - tail);
  const is = after.slice(head, after.length - tail);
  const lengths = Array.from({ length: was.length + 1 }, () => new Uint32Array(is.length + 1));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = was.length - 1; i >= 0; i--)
    for (let j = is.length - 1; j >= 0; j--) {
      const row = lengths[i];
      if (row) row[j] = was[i] === is[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  const places: [number, number][] = Array.from({ length: head }, (_, n) => [n, n]);
  for (let i = 0, j = 0; i < was.length && j < is.length; ) {
    if (was[i] === is[j]) places.push([head + i++, head + j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  for (let n = tail; n > 0; n--) places.push([before.length - n, after.length - n]);
  return places;
}
