import { variablesOf } from "../../base/env";
import type { OptionSchema } from "../../definition/catalogue";
import { SAFE } from "../answering/sent-headers";
import type { App } from "../app";
import { guides } from "../generated/guides";
import type { ShownCard, ShownCatalogue } from "../openapi/cards";
import { exampleOf } from "../openapi/example";
import { openApiDocument, topicOf } from "../openapi/openapi";
import type { Route } from "../route";
import { CardsPage, DocsPage, GuidePage, KINDS, RoutesPage, STYLE } from "./docs";

const STYLE_PATH = "/docs/style.css";

/**
 * Serves what describes the routes, for anybody: `/openapi.json`, the pages below `/docs` (one a guide, a resource and a
 * kind of card, so that none is long) and `/llms.txt`, which says where all of it is. Each is made when first asked for.
 */
export function mountReference(app: App, routes: readonly Route[], catalogue: () => ShownCatalogue = () => ({})): void {
  const made = new Map<string, string>();
  const once = (path: string, make: () => string): string => {
    const text = made.get(path) ?? make();
    made.set(path, text);
    return text;
  };
  const headers = {
    "cache-control": "public, max-age=300",
    "content-security-policy": "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    ...SAFE,
  };
  const html = { ...headers, "content-type": "text/html; charset=utf-8" };
  const bySubject = Map.groupBy(routes, topicOf);
  const subjects = [...bySubject.keys()];
  const listed = [...guides].map(([name, { title }]) => ({ name, title }));
  const page = () => ({ subjects, kinds: KINDS.filter((kind) => catalogue()[kind]?.length), stylePath: STYLE_PATH });

  app.get("/openapi.json", (c) => {
    const text = once(c.req.path, () =>
      JSON.stringify(openApiDocument(routes, variablesOf(c.env).PUBLIC_URL, catalogue())),
    );
    return c.body(text, 200, { ...headers, "content-type": "application/json", "access-control-allow-origin": "*" });
  });
  app.get("/docs", (c) =>
    c.body(
      once(c.req.path, () => `<!doctype html>${<DocsPage routes={routes} guides={listed} {...page()} />}`),
      200,
      html,
    ),
  );
  app.get(STYLE_PATH, (c) => c.body(STYLE, 200, { ...headers, "content-type": "text/css" }));
  for (const [name, guide] of guides)
    app.get(`/docs/guides/${name}`, (c) =>
      c.body(
        once(c.req.path, () => `<!doctype html>${<GuidePage {...guide} {...page()} />}`),
        200,
        html,
      ),
    );
  for (const [subject, of] of bySubject)
    app.get(`/docs/api/${subject}`, (c) =>
      c.body(
        once(c.req.path, () => `<!doctype html>${<RoutesPage subject={subject} routes={of} {...page()} />}`),
        200,
        html,
      ),
    );
  for (const kind of KINDS)
    app.get(`/docs/${kind}`, (c) => {
      const cards = catalogue()[kind] ?? [];
      const shown = (card: ShownCard) => exampleOfCard(kind, card);
      return c.body(
        once(
          c.req.path,
          () => `<!doctype html>${<CardsPage kind={kind} cards={cards} exampleOf={shown} {...page()} />}`,
        ),
        200,
        html,
      );
    });
  app.get("/llms.txt", (c) =>
    c.body(
      once(c.req.path, () => llms(variablesOf(c.env).PUBLIC_URL, page())),
      200,
      { ...headers, "content-type": "text/markdown; charset=utf-8" },
    ),
  );
}

function exampleOfCard(kind: (typeof KINDS)[number], card: ShownCard): unknown {
  if (kind === "variables") return undefined;
  // The catalogue's params are such schemas.
  const options = exampleOf((card.params ?? {}) as OptionSchema);
  return kind === "events" ? { type: card.type, user: { id: "anna" }, data: options } : { type: card.type, ...options };
}

const llms = (url: string, { kinds, subjects }: { kinds: readonly string[]; subjects: readonly string[] }): string =>
  `# Schoolbell

> Automations for online schools: when something happens to a learner, only if conditions hold, then do things.

- [OpenAPI 3.1](${url}/openapi.json): every call, a type for every card, each webhook
- [Reference](${url}/docs): every call in a line

## Guides

${[...guides].map(([name, { title }]) => `- [${title}](${url}/docs/guides/${name})`).join("\n")}

## What automations are made of

${kinds.map((kind) => `- [${kind}](${url}/docs/${kind})`).join("\n")}

## Calls

${subjects.map((subject) => `- [${subject}](${url}/docs/api/${subject})`).join("\n")}
`;
