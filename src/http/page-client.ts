import { SAFE } from "./answering/sent-headers";
import type { App } from "./app";
import { pageClient } from "./generated/page-client";

const ETAG = `"${pageClient.hash}"`;

/** Serves the page client (`client/src/page`) to the pages of anybody: it holds nothing, and calls with a token of theirs. */
export function mountPageClient(app: App): void {
  app.get("/client.js", (c) => {
    const headers = {
      "access-control-allow-origin": "*",
      "cross-origin-resource-policy": "cross-origin",
      // A release is with everybody within an hour.
      "cache-control": "public, max-age=3600",
      etag: ETAG,
      ...SAFE,
    };
    const known = c.req.header("if-none-match")?.split(",") ?? [];
    if (known.some((tag) => tag.trim().replace(/^W\//, "") === ETAG)) return c.body(null, 304, headers);
    return c.body(pageClient.source, 200, { ...headers, "content-type": "text/javascript; charset=utf-8" });
  });
}
