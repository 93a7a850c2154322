import { expect, test } from "vitest";
import worker from "../index";
import { call } from "./test-client";

/* What is served beside the API's routes: the reference, documents, the page client, what links in mails open. */

const READ = ["/docs", "/docs/guides/facts", "/openapi.json", "/llms.txt", "/client.js", "/privacy"];
const KNOWN = "/.well-known/schoolbell-keys.json";

test.each([
  ...[...READ, KNOWN].map((path) => [path, "GET"]),
  ["/unsubscribe/x", "GET, POST"],
  ["/preferences/x", "GET, POST"],
])("%s answers other methods by those that there are", async (path, allow) => {
  for (const method of ["PUT", "DELETE"]) {
    const { status, headers } = await call(worker, method, path);
    expect([status, headers.get("allow"), headers.get("content-type")]).toEqual([
      405,
      allow,
      "application/problem+json",
    ]);
  }
  const asked = await call(worker, "OPTIONS", path);
  expect([asked.status, asked.headers.get("allow")]).toEqual([204, allow]);
});

test.each([...READ, KNOWN, "/unsubscribe/x", "/nope"])(
  "%s is for TLS alone, and for what it is said to be",
  async (path) => {
    const { headers } = await call(worker, "GET", path);
    expect(headers.get("strict-transport-security")).toBe("max-age=31536000");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  },
);
