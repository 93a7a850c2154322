import { afterEach, expect, test, vi } from "vitest";
import { addressIn } from "../../../src/admin/address";
import { app, headersOf, pagesWith, schoolWithAll } from "../../../src/admin/pages/test-school";
import { call } from "../../../src/http/test-client";
import { holdQueuesAnew } from "../live";
import { meterOfD1 } from "../metered";
import { emptySchool, fillPlenty } from "../plenty";

let school = "";
afterEach(() => emptySchool(school));

test("every page of a school that has much of everything reads little more than it shows", async () => {
  await holdQueuesAnew();
  const made = await schoolWithAll(async (id) => {
    school = id;
    await fillPlenty(id);
  });
  const { ids } = made;
  const headers = await headersOf("owner");
  const found: string[] = [];
  const lines: [number, string][] = [];
  for (const { path } of pagesWith(ids)) {
    // What an isolate keeps of a school it reads once.
    await call(app, "GET", addressIn(school, path), undefined, { headers });
    const meter = meterOfD1();
    const { status, text } = await call(app, "GET", addressIn(school, path), undefined, { headers });
    vi.restoreAllMocks();
    const shown = [...text.matchAll(/<(?:tr|li|option)\b/g)].length;
    const top = [...meter.readBy]
      .sort((a, b) => b[1] - a[1])
      .slice(0, 4)
      .map(([sql, n]) => `\n      ${n}: ${sql.replaceAll(/\s+/g, " ").slice(0, 220)}`);
    lines.push([
      meter.rowsRead,
      `${status} ${path}: ${meter.rowsRead} rows, ${meter.statements} statements, ${shown} shown, ${text.length} chars${top.join("")}`,
    ]);
    if (meter.rowsRead > 3 * shown + 100) found.push(path);
  }
  for (const [, line] of lines.sort((a, b) => b[0] - a[0])) console.error(line);
  expect(found).toEqual([]);
});
