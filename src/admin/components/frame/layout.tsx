import { html } from "hono/html";
import type { Child, FC } from "hono/jsx";
import { language, say } from "../../../language/say";
import { outside } from "../../address";
import { type Section, type Theme, Top, type Viewer } from "./top";

export type { Theme, Viewer };

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

interface DocumentProps {
  title: string;
  theme?: Theme;
  islands?: readonly string[];
  /** Where the islands call the school's routes. */
  api?: string;
  children?: Child;
}

/** Before islands comes what they say, where the page is not in English. */
const spoken = (islands: readonly string[]): readonly string[] =>
  islands.length === 0 || language().code === "en" ? islands : ["german", ...islands];

/** The bare document, for pages before signing in. */
export const Document: FC<DocumentProps> = ({ title, theme = "system", islands = [], api, children }) =>
  html`<!doctype html>${(
    <html lang={language().code} data-theme={theme === "system" ? undefined : theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={outside("/assets/styles.css")} />
        {spoken(islands).map((name) => (
          <script type="module" src={outside(`/assets/${name}.js`)} />
        ))}
      </head>
      <body data-api={api}>{children}</body>
    </html>
  )}`;

/** A page of the signed-in UI: the way to the other sections above, the page below. */
export const Layout: FC<LayoutProps> = ({ title, viewer, section, full = false, islands = [], children }) => (
  <Document title={`${title} · ${viewer.school.name}`} theme={viewer.theme} islands={islands} api={viewer.path("/api")}>
    <a class="skip" href="#main">
      {say("Skip to the page")}
    </a>
    <Top viewer={viewer} section={section} full={full} />
    {viewer.school.paused ? (
      <p class="top-paused" role="status">
        <strong>{say("The school is paused.")}</strong>{" "}
        {say("What would start or go on is held, and no message leaves.")}{" "}
        <a href={viewer.path("/settings/pause")}>{say("Let it go on")}</a>
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
