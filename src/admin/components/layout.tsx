import { html } from "hono/html";
import type { Child, FC } from "hono/jsx";
import { outside } from "../address";
import { Moment } from "./moment";

export const SECTIONS = [
  ["health", "Health"],
  ["automations", "Automations"],
  ["executions", "Executions"],
  ["learners", "Learners"],
  ["deliveries", "Deliveries"],
  ["segments", "Segments"],
  ["products", "Products"],
  ["settings", "Settings"],
] as const;

export type Section = (typeof SECTIONS)[number][0];
export type Theme = "system" | "light" | "dark";

/** What every page knows of where it is and who looks at it. */
export interface Viewer {
  /** `nowMs`: the school's clock; a test school's stands still. */
  school: { name: string; mode: "live" | "test"; paused: boolean; nowMs: number; timezone: string };
  /** The address of something in the school. */
  path(within: string): string;
  email: string;
  role: "owner" | "editor" | "viewer";
  theme: Theme;
}

interface LayoutProps {
  title: string;
  viewer: Viewer;
  section?: Section;
  /** Whether the page takes the whole width, as the editor does. */
  full?: boolean;
  /** Names of islands to load: "editor". */
  islands?: readonly string[];
  children?: Child;
}

const THEMES: readonly (readonly [Theme, string])[] = [
  ["system", "as the system"],
  ["light", "light"],
  ["dark", "dark"],
];

/** The theme that comes after, for the one button that goes round. */
const nextTheme = (theme: Theme): readonly [Theme, string] =>
  THEMES[(THEMES.findIndex(([name]) => name === theme) + 1) % THEMES.length] ?? ["system", "as the system"];

const Top: FC<{ viewer: Viewer; section?: Section | undefined }> = ({ viewer, section }) => {
  const { school } = viewer;
  const [theme, themeName] = nextTheme(viewer.theme);
  return (
    <header class="top">
      <div class="top-school">
        <a class="top-name" href={outside("/schools")} title="To the other schools">
          {school.name}
        </a>
        {school.mode === "test" ? (
          <a
            class="top-clock"
            href={viewer.path("/settings/clock")}
            title="A test school: its clock stands still, nothing leaves it"
          >
            test · <Moment atMs={school.nowMs} nowMs={school.nowMs} timezone={school.timezone} exact />
          </a>
        ) : null}
      </div>
      <nav class="top-nav" aria-label="Sections">
        {SECTIONS.map(([name, label]) => (
          <a href={viewer.path(`/${name}`)} aria-current={name === section ? "page" : undefined}>
            {label}
          </a>
        ))}
      </nav>
      <div class="top-you">
        <span title={`Signed in as ${viewer.email}, ${viewer.role}`}>{viewer.email}</span>
        <form method="post" action={outside("/theme")}>
          <button
            type="submit"
            class="button is-small is-quiet"
            name="theme"
            value={theme}
            aria-label={`Theme: make it ${themeName}`}
            title={`Theme: make it ${themeName}`}
          >
            ◐
          </button>
        </form>
        <form method="post" action={outside("/sign-out")}>
          <button type="submit" class="button is-small is-quiet" title={`Signed in as ${viewer.email}, ${viewer.role}`}>
            Sign out
          </button>
        </form>
      </div>
    </header>
  );
};

interface DocumentProps {
  title: string;
  theme?: Theme;
  islands?: readonly string[];
  /** Where the islands call the school's routes. */
  api?: string;
  children?: Child;
}

/** The bare document, for pages before signing in. */
export const Document: FC<DocumentProps> = ({ title, theme = "system", islands = [], api, children }) =>
  html`<!doctype html>${(
    <html lang="en" data-theme={theme === "system" ? undefined : theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={outside("/assets/styles.css")} />
        {islands.map((name) => (
          <script type="module" src={outside(`/assets/${name}.js`)} />
        ))}
      </head>
      <body data-api={api}>{children}</body>
    </html>
  )}`;

/** A page of the signed-in UI: the way to the other sections above, the page below. */
export const Layout: FC<LayoutProps> = ({ title, viewer, section, full = false, islands = [], children }) => (
  <Document
    title={`${title} · ${viewer.school.name}`}
    theme={viewer.theme}
    islands={islands}
    {...(islands.length ? { api: viewer.path("/api") } : {})}
  >
    <a class="skip" href="#main">
      Skip to the page
    </a>
    <Top viewer={viewer} section={section} />
    {viewer.school.paused ? (
      <p class="top-paused" role="status">
        <strong>The school is paused.</strong> What would start or go on is held, and no message leaves.{" "}
        <a href={viewer.path("/settings/pause")}>Let it go on</a>
      </p>
    ) : null}
    <main id="main" class={full ? "page is-full" : "page"}>
      {children}
    </main>
  </Document>
);

/** The head of a page: its name, and what can be done. */
export const PageHead: FC<{ title: string; children?: Child }> = ({ title, children }) => (
  <div class="page-head">
    <h1>{title}</h1>
    {children}
  </div>
);

/** Data for an island, as a block that no browser runs: with every "<" written as an escape, nothing in it can end it. */
export const IslandData: FC<{ id: string; data: unknown }> = ({ id, data }) => (
  <script
    type="application/json"
    id={id}
    dangerouslySetInnerHTML={{ __html: JSON.stringify(data).replaceAll("<", "\\u003c") }}
  />
);
