import type { FC } from "hono/jsx";
import { later, say, type Text } from "../../../language/say";
import { outside } from "../../address";
import { Moment } from "../moment";
import { LanguageChoice } from "./language-choice";

export const SECTIONS = [
  ["health", later("Home")],
  ["automations", later("Automations")],
  ["executions", later("Executions")],
  ["learners", later("Learners")],
  ["deliveries", later("Deliveries")],
  ["segments", later("Segments")],
  ["products", later("Products")],
  ["settings", later("Settings")],
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
  /** How many messages do not get through; left out where no page of a school is shown. */
  trouble?(): Promise<number>;
}

const THEMES = [
  ["system", later("as the system")],
  ["light", later("light")],
  ["dark", later("dark")],
] as const satisfies readonly (readonly [Theme, Text])[];

/** The theme that comes after, for the one button that goes round. */
const nextTheme = (theme: Theme): (typeof THEMES)[number] =>
  THEMES[(THEMES.findIndex(([name]) => name === theme) + 1) % THEMES.length] ?? THEMES[0];

/**
 * The way to the sections. Where there is no room for all, the last ones fold into "More", which needs no script: each
 * stands both on the line and in the list, and the stylesheet shows one of the two. Where one is, is never folded.
 */
const Sections: FC<{ viewer: Viewer; section: Section | undefined }> = async ({ viewer, section }) => {
  const trouble = (await viewer.trouble?.()) ?? 0;
  const links = SECTIONS.map(([name, label]) => (
    <a href={viewer.path(`/${name}`)} aria-current={name === section ? "page" : undefined}>
      {say(label)}
      {name === "deliveries" && trouble > 0 ? (
        <>
          {" "}
          <span class="top-mark" title={say("Failed since yesterday, or being tried again")}>
            <span aria-hidden="true">⚠</span> {trouble > 99 ? "99+" : trouble}
            <span class="sr-only"> {say("failed since yesterday or being tried again")}</span>
          </span>
        </>
      ) : null}
    </a>
  ));
  return (
    <nav class="top-nav" aria-label={say("Sections")}>
      <div class="top-sections">
        {links}
        <details class="menu top-more" name="menu">
          <summary>
            {say("More")}
            {trouble > 0 ? (
              <span class="top-mark is-folded">
                {" "}
                <span aria-hidden="true">⚠</span>
                <span class="sr-only">{say("some deliveries do not get through")}</span>
              </span>
            ) : null}
          </summary>
          <div class="menu-list">{links}</div>
        </details>
      </div>
    </nav>
  );
};

/** How whoever is signed in has the pages, and the way out. */
export const OwnChoices: FC<{ theme: Theme; signedIn?: string }> = ({ theme, signedIn }) => {
  const [next, name] = nextTheme(theme);
  const makeIt = say("Theme: make it {theme}", { theme: say(name) });
  return (
    <>
      <LanguageChoice />
      <form method="post" action={outside("/theme")}>
        <button
          type="submit"
          class="button is-small is-quiet"
          name="theme"
          value={next}
          aria-label={makeIt}
          title={makeIt}
        >
          ◐
        </button>
      </form>
      <form method="post" action={outside("/sign-out")}>
        <button type="submit" class="button is-small is-quiet" title={signedIn}>
          {say("Sign out")}
        </button>
      </form>
    </>
  );
};

/** The head of every page: the school, the sections, who is signed in. */
export const Top: FC<{ viewer: Viewer; section: Section | undefined; full: boolean }> = ({ viewer, section, full }) => {
  const { school } = viewer;
  const signedIn = say("Signed in as {who}, {role}", { who: viewer.email, role: say(viewer.role) });
  return (
    <header class={full ? "top is-full" : "top"}>
      <div class="top-inside">
        <div class="top-school">
          <a
            class="top-name"
            href={outside("/schools")}
            title={say("{school}: to the other schools", { school: school.name })}
          >
            {school.name}
          </a>
          {school.mode === "test" ? (
            <a
              class="top-clock"
              href={viewer.path("/settings/clock")}
              title={say("A test school: its clock stands still, nothing leaves it")}
            >
              {say("test")} · <Moment atMs={school.nowMs} nowMs={school.nowMs} timezone={school.timezone} exact />
            </a>
          ) : null}
        </div>
        <Sections viewer={viewer} section={section} />
        <div class="top-you">
          <span title={signedIn}>{viewer.email}</span>
          <OwnChoices theme={viewer.theme} signedIn={signedIn} />
        </div>
      </div>
    </header>
  );
};
