import { variablesOf } from "../base/env";
import type { App } from "./app";
import { DocsPage, STYLE } from "./docs";
import { openApiDocument } from "./openapi";
import type { ShownCatalogue } from "./openapi/cards";
import type { Route } from "./route";

const STYLE_PATH = "/docs/style.css";

/** Serves what describes the routes: `/openapi.json` and the page `/docs`, for anybody. Both are made when first asked for. */
export function mountReference(app: App, routes: readonly Route[], catalogue: () => ShownCatalogue = () => ({})): void {
  let openApi: string | undefined;
  let page: string | undefined;
  const headers = {
    "cache-control": "public, max-age=300",
    "content-security-policy": "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
  };
  app.get("/openapi.json", (c) => {
    openApi ??= JSON.stringify(openApiDocument(routes, variablesOf(c.env).PUBLIC_URL, catalogue()));
    return c.body(openApi, 200, { ...headers, "content-type": "application/json", "access-control-allow-origin": "*" });
  });
  app.get("/docs", (c) => {
    page ??= `<!doctype html>${<DocsPage routes={routes} catalogue={catalogue()} stylePath={STYLE_PATH} />}`;
    return c.body(page, 200, { ...headers, "content-type": "text/html; charset=utf-8" });
  });
  app.get(STYLE_PATH, (c) => c.body(STYLE, 200, { ...headers, "content-type": "text/css" }));
}
