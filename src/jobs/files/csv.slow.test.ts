import v8 from "node:v8";
import vm from "node:vm";
import { expect, test } from "vitest";
import { openFile } from "./csv";

const MIB = 1024 * 1024;
/** An isolate has 128 MB, for all that it does at once. */
const MOST_HELD = 48 * MIB;

test("of a file of 32 MiB little is held while it is read", async () => {
  v8.setFlagsFromString("--expose-gc");
  const collect = vm.runInNewContext("gc") as () => void;
  const held = () => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const utf8 = new TextEncoder();
  let sent = 0;
  let most = 0;
  const before = held();
  async function* file(): AsyncGenerator<Uint8Array> {
    yield utf8.encode("id,email,username,tags\n");
    for (let n = 0; sent < 32 * MIB; ) {
      let text = "";
      while (text.length < 40_000) text += `user-${n++},user${n}@school.gr,Μαρία Παπαδοπούλου,νέος|vip\n`;
      const piece = utf8.encode(text);
      sent += piece.length;
      yield piece;
      if (n % 10_000 < 600) most = Math.max(most, held() - before);
    }
  }
  const { lines, total } = await openFile(file(), {
    required: ["id"],
    optional: ["email", "username", "tags"],
    unique: "id",
  });
  let characters = 0;
  for await (const [, text] of lines) characters += text.length;
  most = Math.max(most, held() - before);
  console.info(`${total()} lines, ${characters} characters, ${Math.round(most / MIB)} MiB held at most`);
  expect(total()).toBeGreaterThan(300_000);
  expect(most).toBeLessThan(MOST_HELD);
});
