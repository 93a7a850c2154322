import { expect, test } from "vitest";
import { catalogueDocument } from "../catalogue/document";
import { createApp } from "./app";
import { mountReference } from "./reference";
import { routes } from "./routes";
import { call } from "./test-client";

const app = createApp(routes);
mountReference(app, routes, catalogueDocument);

const KIB = 1_024;

test("no page of the reference is longer than 100 KiB, and none has a link that leads nowhere", async () => {
  const seen = new Map<string, number>();
  const look = async (path: string): Promise<void> => {
    if (seen.has(path)) return;
    const { status, text } = await call(app, "GET", path);
    expect(status, path).toBe(200);
    seen.set(path, new TextEncoder().encode(text).length);
    for (const [, to = ""] of text.matchAll(/<a href="(\/docs[^"#]*)"/g)) await look(to);
  };
  await look("/docs");
  expect(seen.size).toBeGreaterThan(30);
  expect([...seen].filter(([, bytes]) => bytes > 100 * KIB)).toEqual([]);
});
