import type { Page } from "../src/calls/shape";
import type { Range } from "../src/calls/user";
import type { Store } from "./store/store";

/** The pages of something long, each read when it is asked for. */
export function* pagesOf<Item>(read: (range: Range) => Page<Item>): Generator<Item[]> {
  for (let after: number | undefined; ; ) {
    const { items, next } = read({ after });
    yield items;
    if (next === null) return;
    after = next;
  }
}

/** All that is stored, as the members of a JSON object, some at a time: together it may be more than there is memory for. */
function* textsOf(store: Pick<Store, "load" | "beginning" | "entries" | "ended" | "proofs">): Generator<string> {
  yield `"state":${JSON.stringify(store.load())}`;
  yield `,"beginning":${JSON.stringify(store.beginning())},"proofs":${JSON.stringify(store.proofs.all())}`;
  for (const [name, read] of [
    ["journal", (range: Range) => store.entries(range)],
    ["ended", (range: Range) => store.ended(range)],
  ] as const) {
    yield `,"${name}":[`;
    let isFirst = true;
    for (const items of pagesOf<unknown>(read)) {
      if (!items.length) continue;
      yield (isFirst ? "" : ",") + JSON.stringify(items).slice(1, -1);
      isFirst = false;
    }
    yield "]";
  }
}

export function everythingIn(
  store: Pick<Store, "load" | "beginning" | "entries" | "ended" | "proofs">,
): ReadableStream<Uint8Array> {
  const texts = textsOf(store);
  const utf8 = new TextEncoder();
  return new ReadableStream({
    type: "bytes",
    pull(controller) {
      const { value, done } = texts.next();
      if (done) controller.close();
      else controller.enqueue(utf8.encode(value));
    },
  });
}
