import type { FC } from "hono/jsx";
import { jsonSchemaOf } from "../catalogue/json-schema";
import { credentialsFor } from "./access";
import { topicOf } from "./openapi";
import type { ShownCard, ShownCatalogue } from "./openapi/cards";
import type { Route } from "./route";

export const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 3rem; } h3 { margin-bottom: .25rem; font-size: 1rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .875em; }
pre { overflow-x: auto; padding: .75rem; border: 1px solid; border-color: color-mix(in srgb, currentColor 20%, transparent); }
article { margin: 1.5rem 0; } p { margin: .25rem 0; }
nav a { margin-right: 1rem; } .method { font-weight: 600; }
summary { cursor: pointer; }
`;

const Schema: FC<{ title: string; schema: object }> = ({ title, schema }) => (
  <details>
    <summary>{title}</summary>
    <pre tabindex={0}>{JSON.stringify(schema, null, 2)}</pre>
  </details>
);

const RouteEntry: FC<{ route: Route }> = ({ route }) => (
  <article>
    <h3>
      <code>
        <span class="method">{route.method}</span> {route.path}
      </code>
    </h3>
    <p>{route.summary}</p>
    {route.description ? <p>{route.description}</p> : null}
    {route.forms?.routes.map((form) => (
      <p>
        {form.summary} {form.description} <code>{form.contentTypes.join(", ")}</code>
      </p>
    ))}
    <p>Credential: {credentialsFor(route) || "none"}</p>
    {route.query ? <Schema title="Query" schema={jsonSchemaOf(route.query, "input")} /> : null}
    {route.body ? <Schema title="Body" schema={jsonSchemaOf(route.body, "input")} /> : null}
    {Object.entries(route.answers).map(([status, schema]) =>
      schema ? <Schema title={`Answer ${status}`} schema={jsonSchemaOf(schema, "output")} /> : <p>Answer {status}</p>,
    )}
  </article>
);

const CardEntry: FC<{ card: ShownCard }> = ({ card }) => (
  <article>
    <h3>
      <code>{card.type}</code>
      {card.label ? ` – ${card.label}` : ""}
    </h3>
    {card.description ? <p>{card.description}</p> : null}
    {card.params ? <Schema title="Options" schema={card.params} /> : null}
  </article>
);

const title = (subject: string) => subject.charAt(0).toUpperCase() + subject.slice(1).replaceAll("-", " ");

const Section: FC<{ name: string; children?: unknown }> = ({ name, children }) => (
  <section aria-labelledby={name}>
    <h2 id={name}>{title(name)}</h2>
    {children}
  </section>
);

/** The reference page: every route, and every entry of the catalogue. */
export const DocsPage: FC<{ routes: readonly Route[]; catalogue: ShownCatalogue; stylePath: string }> = ({
  routes,
  catalogue,
  stylePath,
}) => {
  const subjects = Map.groupBy(routes, topicOf);
  const kinds = Object.entries(catalogue);
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Schoolbell reference</title>
        <link rel="stylesheet" href={stylePath} />
      </head>
      <body>
        <header>
          <h1>Schoolbell reference</h1>
          <p>
            The same as <a href="/openapi.json">OpenAPI 3.1</a>. Errors are <code>application/problem+json</code>; lists
            take <code>limit</code> and <code>cursor</code>; writes take <code>Idempotency-Key</code>.
          </p>
          <nav aria-label="Contents">
            {[...subjects.keys(), ...kinds.map(([kind]) => kind)].map((name) => (
              <a href={`#${name}`}>{title(name)}</a>
            ))}
          </nav>
        </header>
        <main>
          {[...subjects].map(([subject, of]) => (
            <Section name={subject}>
              {of.map((route) => (
                <RouteEntry route={route} />
              ))}
            </Section>
          ))}
          {kinds.map(([kind, cards]) => (
            <Section name={kind}>
              {cards.map((card) => (
                <CardEntry card={card} />
              ))}
            </Section>
          ))}
        </main>
      </body>
    </html>
  );
};
