import v8 from "node:v8";
import vm from "node:vm";
import { zipSync } from "fflate";
import { expect, test } from "vitest";
import { readFile } from "../../jobs/files/csv";
import { openZip } from "./zip";

const MIB = 1024 * 1024;
const FILE_BYTES = 30 * MIB;
/** An isolate has 128 MB, for all that it does at once. */
const MOST_HELD = 8 * MIB;

test("of a set's file of 30 MiB little is held while its lines are read, as often as that is", () => {
  v8.setFlagsFromString("--expose-gc");
  const collect = vm.runInNewContext("gc") as () => void;
  const held = () => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const zip = (() => {
    const file = new Uint8Array(FILE_BYTES);
    const utf8 = new TextEncoder();
    let length = 0;
    for (let n = 0; length < FILE_BYTES - 100; n++)
      length += utf8.encodeInto(
        n ? `user-${n},user${n}@school.gr\n` : "sourcedId,email\n",
        file.subarray(length),
      ).written;
    return zipSync({ "users.csv": file.slice(0, length) });
  })();
  const before = held();
  let most = 0;
  const content = openZip(zip).get("users.csv");
  const { entries, total } = readFile(content ?? (() => []), { required: ["sourcedId"], optional: ["email"] });
  for (let pass = 0; pass < 2; pass++) {
    let n = 0;
    for (const _ of entries) if (n++ % 100_000 === 50_000) most = Math.max(most, held() - before);
    expect(n).toBe(total);
  }
  console.info(`${total} lines, ${Math.round(most / MIB)} MiB held at most beside a zip of ${zip.length} bytes`);
  expect(total).toBeGreaterThan(500_000);
  expect(most).toBeLessThan(MOST_HELD);
});
