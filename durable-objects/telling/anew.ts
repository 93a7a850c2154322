import type { Packed } from "../../src/calls/shape";
import type { Store } from "../store/store";
import { nothingTold } from "./told";

/** The `seq` of the last that ended before a time, by the user's clock: all later changes are told anew. */
function lastBefore(store: Pick<Store, "ended">, since: number): number {
  for (let before: number | undefined; ; ) {
    const { items, next } = store.ended({ before, newestFirst: true });
    const found = items.filter(({ at }) => at < since);
    if (found.length) return Math.max(...found.map(({ seq }) => seq));
    if (next === null) return 0;
    before = next;
  }
}

/** As if D1 had heard nothing of the user's line, and nothing else since a time. @param since ms; null: ever */
export function toldNothingSince(packed: Packed, since: number | null, store: Pick<Store, "ended">): void {
  const seq = ++packed.seq;
  packed.told = nothingTold();
  packed.touched = {};
  packed.lineSeq = packed.logSeq = seq;
  packed.toldSeq = 0;
  packed.heardSeq = since === null ? 0 : Math.min(packed.heardSeq, lastBefore(store, since));
  for (const [kind, value] of wordsOf(packed)) {
    if (!packed.words.some((word) => word[0] === kind && word[1] === value))
      packed.words = [...packed.words, [kind, value, seq]];
  }
}

/** What of the school's words the user holds: how they were first written may be lost too. */
function* wordsOf({ state }: Packed): Generator<[kind: string, value: string]> {
  if (!state) return;
  const { tags, enrolments, groups } = state.learner;
  for (const tag of tags) yield ["tag", tag];
  for (const { type, product } of enrolments) yield [type, product];
  for (const { group } of groups) yield ["group", group];
}
