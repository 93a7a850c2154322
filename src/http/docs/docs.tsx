import { raw } from "hono/html";
import type { FC } from "hono/jsx";
import { jsonSchemaOf } from "../../catalogue/options/json-schema";
import { credentialsFor } from "../access/access";
import { deprecationsOf, deprecationText } from "../answering/deprecation";
import type { ShownCard } from "../openapi/cards";
import { Components } from "../openapi/components";
import { topicOf } from "../openapi/openapi";
import type { Route } from "../route";

export const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 3rem; } h3 { margin-bottom: .25rem; font-size: 1rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .875em; }
pre { overflow-x: auto; padding: .75rem; border: 1px solid; border-color: color-mix(in srgb, currentColor 20%, transparent); }
article { margin: 1.5rem 0; } p { margin: .25rem 0; }
nav { display: flex; flex-wrap: wrap; gap: 0 1rem; } .method { font-weight: 600; }
summary { cursor: pointer; }
table { border-collapse: collapse; margin: 1rem 0; } caption { text-align: left; font-weight: 600; } th, td { padding: .25rem .75rem .25rem 0; text-align: left; vertical-align: top; }
.guide p, .guide li { max-width: 46rem; } .guide p { margin: .75rem 0; }
`;

const Schema: FC<{ title: string; schema: object }> = ({ title, schema }) => (
  <details>
    <summary>{title}</summary>
    <pre tabindex={0}>{JSON.stringify(schema, null, 1)}</pre>
  </details>
);

const RouteEntry: FC<{ route: Route; components: Components }> = ({ route, components }) => (
  <article>
    <h3>
      <code>
        <span class="method">{route.method}</span> {route.path}
      </code>
    </h3>
    <p>{route.summary}</p>
    {deprecationsOf(route).map(([name, one]) => (
      <p>
        {name === "" ? null : <code>{`?${name}= `}</code>}
        <strong>{deprecationText(one)}</strong>
      </p>
    ))}
    {route.description ? <p>{route.description}</p> : null}
    {route.forms?.routes.map((form) => (
      <p>
        {form.summary} {form.description} <code>{form.contentTypes.join(", ")}</code>
      </p>
    ))}
    <p>Credential: {credentialsFor(route) || "none"}</p>
    {route.query ? (
      <Schema title="Query" schema={components.place(jsonSchemaOf(route.query, "input"), nameOf(route, "query"))} />
    ) : null}
    {route.body ? (
      <Schema title="Body" schema={components.place(jsonSchemaOf(route.body, "input"), nameOf(route, "body"))} />
    ) : null}
    {Object.entries(route.answers).map(([status, schema]) =>
      schema ? (
        <Schema
          title={`Answer ${status}`}
          schema={components.place(jsonSchemaOf(schema, "output"), nameOf(route, status))}
        />
      ) : (
        <p>Answer {status}</p>
      ),
    )}
  </article>
);

const nameOf = ({ method, path }: Route, part: string) => `${method} ${path} ${part}`;

const CardEntry: FC<{ card: ShownCard; example: unknown }> = ({ card, example }) => (
  <article id={card.type}>
    <h3>
      <code>{card.type}</code>
      {card.label ? ` – ${card.label}` : ""}
    </h3>
    {card.description ? <p>{card.description}</p> : null}
    {example ? <pre tabindex={0}>{JSON.stringify(example, null, 2)}</pre> : null}
    {card.params ? <Schema title="Options" schema={card.params} /> : null}
  </article>
);

const title = (subject: string) => subject.charAt(0).toUpperCase() + subject.slice(1).replaceAll("-", " ");

/** Kinds of the catalogue with a page of their own. */
export const KINDS = ["events", "triggers", "listeners", "conditions", "actions", "steps", "variables"] as const;

interface PageProps {
  /** Of the whole: each page links to the others. */
  subjects: readonly string[];
  kinds: readonly string[];
  stylePath: string;
}

const Frame: FC<PageProps & { heading: string; children?: unknown }> = ({
  subjects,
  kinds,
  stylePath,
  heading,
  children,
}) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <title>{heading}</title>
      <link rel="stylesheet" href={stylePath} />
    </head>
    <body>
      <header>
        <nav aria-label="Contents">
          <a href="/docs">Schoolbell</a>
          {kinds.map((name) => (
            <a href={`/docs/${name}`}>{title(name)}</a>
          ))}
          {subjects.map((name) => (
            <a href={`/docs/api/${name}`}>/{name}</a>
          ))}
        </nav>
        <h1>{heading}</h1>
      </header>
      <main>{children}</main>
    </body>
  </html>
);

interface Guide {
  name: string;
  title: string;
}

/** `html` was rendered of our own Markdown when the Worker was built. */
export const GuidePage: FC<PageProps & { title: string; html: string }> = ({ title: heading, html, ...page }) => (
  <Frame heading={heading} {...page}>
    <div class="guide">{raw(html)}</div>
  </Frame>
);

/** Where one begins: the guides, the routes in a line each, and where the rest is. */
export const DocsPage: FC<PageProps & { routes: readonly Route[]; guides: readonly Guide[] }> = ({
  routes,
  guides,
  ...page
}) => (
  <Frame heading="Schoolbell reference" {...page}>
    <section aria-labelledby="guides">
      <h2 id="guides">Guides</h2>
      <ul>
        {guides.map(({ name, title }) => (
          <li>
            <a href={`/docs/guides/${name}`}>{title}</a>
          </li>
        ))}
      </ul>
    </section>
    <p>
      The same as <a href="/openapi.json">OpenAPI 3.1</a>, with a type for every card and each body that we send. Errors
      are <code>application/problem+json</code>; lists take <code>limit</code> and <code>cursor</code>; writes take{" "}
      <code>Idempotency-Key</code>.
    </p>
    {[...Map.groupBy(routes, topicOf)].map(([subject, of]) => (
      <section aria-labelledby={subject}>
        <h2 id={subject}>
          <a href={`/docs/api/${subject}`}>{title(subject)}</a>
        </h2>
        <ul>
          {of.map((route) => (
            <li>
              <code>
                {route.method} {route.path}
              </code>{" "}
              {route.summary}
            </li>
          ))}
        </ul>
      </section>
    ))}
  </Frame>
);

export const RoutesPage: FC<PageProps & { subject: string; routes: readonly Route[] }> = ({
  subject,
  routes,
  ...page
}) => {
  const components = new Components();
  // Rendered first: what it names is shown once, below.
  const entries = routes.map((route) => RouteEntry({ route, components }));
  const named = Object.entries(components.schemas);
  return (
    <Frame heading={title(subject)} {...page}>
      {entries}
      {named.length ? <h2>What is named above</h2> : null}
      {named.map(([name, schema]) => (
        <Schema title={name} schema={schema} />
      ))}
    </Frame>
  );
};

export const CardsPage: FC<
  PageProps & { kind: string; cards: readonly ShownCard[]; exampleOf: (card: ShownCard) => unknown }
> = ({ kind, cards, exampleOf, ...page }) => (
  <Frame heading={title(kind)} {...page}>
    {cards.map((card) => (
      <CardEntry card={card} example={exampleOf(card)} />
    ))}
  </Frame>
);
