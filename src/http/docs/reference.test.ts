import { expect, test } from "vitest";
import { catalogueDocument } from "../../catalogue/document";
import { createApp } from "../app";
import { guides } from "../generated/guides";
import { routes } from "../routes";
import { call } from "../test-client";
import { mountReference } from "./reference";

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
  for (const name of guides.keys()) expect([...seen.keys()]).toContain(`/docs/guides/${name}`);
  expect([...seen].filter(([, bytes]) => bytes > 100 * KIB)).toEqual([]);
});

test("a guide is a page: its title once, its links to the pages that are served, its code as it was written", async () => {
  const { text, headers } = await call(app, "GET", "/docs/guides/webhooks");
  expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(text.match(/<h1>/g)).toHaveLength(1);
  expect(text).toContain("verifyWebhook");
  expect(text).not.toMatch(/&amp;(?:lt|gt|quot|amp);/);
  const waysIn = await call(app, "GET", "/docs/guides/ways-in");
  expect(waysIn.text).toContain('<a href="/docs/guides/lms-moodle">');
  expect((await call(app, "GET", "/llms.txt")).text).toContain("/docs/guides/webhooks)");
});
