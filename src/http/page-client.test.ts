import { expect, test } from "vitest";
import worker from "../index";
import { call } from "./test-client";

test("the page client is one small module that pages of any origin may load", async () => {
  const answer = await call(worker, "GET", "/client.js", undefined, { headers: { origin: "https://lms.example" } });
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/javascript; charset=utf-8"]);
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  const packed = new Response(answer.text).body?.pipeThrough(new CompressionStream("gzip"));
  expect((await new Response(packed).arrayBuffer()).byteLength).toBeLessThan(3_000);
  expect(answer.text).toMatch(/export\{/);
  expect(answer.text).not.toMatch(/\bimport\b/);
});

test("who has it already is told so", async () => {
  const etag = (await call(worker, "GET", "/client.js")).headers.get("etag") ?? "";
  expect(
    (await call(worker, "GET", "/client.js", undefined, { headers: { "if-none-match": `W/${etag}` } })).status,
  ).toBe(304);
});
