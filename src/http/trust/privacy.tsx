import type { FC } from "hono/jsx";
import { KEEP_MS as FEED_MS } from "../../../durable-objects/school/feed";
import { once } from "../../base/cache";
import { channels } from "../../catalogue/channels";
import { connectors } from "../../connectors";
import { DEAD_LETTER_DAYS, MIN_JOURNAL_DAYS, UNMAPPED_DAYS } from "../../cron/old";
import { KEPT_MS as ANSWERS_MS } from "../../db/answers";
import { storedSettings } from "../../world/settings";
import { SAFE } from "../answering/sent-headers";
import type { App } from "../app";
import { IN_DATABASE, IN_OBJECT, type Kept, KNOWN, type Place, SENT } from "./facts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** The platform can bring databases and objects back to any moment of the last so many days. */
const PLATFORM_DAYS = 30;

/** How long that is, in words. */
function keptFor(kept: Kept): string {
  const days = storedSettings.parse({}).log_retention_days;
  const texts: Record<Kept, string> = {
    learner: "until they are erased, or the school is deleted",
    log: `as long as the school keeps its log: ${days} days unless it chose otherwise`,
    journal: `as long as the school keeps its log, ${MIN_JOURNAL_DAYS} days at least`,
    week: `${MIN_JOURNAL_DAYS} days`,
    unmapped: `${UNMAPPED_DAYS} days`,
    dead_letters: `${DEAD_LETTER_DAYS} days at most`,
    evidence: "where the school keeps evidence, the years that it chose; else as long as its log",
    answers: `${ANSWERS_MS / HOUR_MS} hours`,
  };
  return texts[kept];
}

const Places: FC<{ caption: string; of: Readonly<Record<string, Place>> }> = ({ caption, of }) => (
  <table>
    <caption>{caption}</caption>
    <thead>
      <tr>
        <th scope="col">Where</th>
        <th scope="col">What</th>
        <th scope="col">How long</th>
      </tr>
    </thead>
    <tbody>
      {Object.entries(of).map(([name, { what, kept }]) => (
        <tr>
          <th scope="row">
            <code>{name}</code>
          </th>
          <td>{what}</td>
          <td>{keptFor(kept)}</td>
        </tr>
      ))}
    </tbody>
  </table>
);

/** Ways of a channel by which something leaves, by their names: what goes nowhere has no host. */
const vendorsOf = (channel: string): string =>
  connectors
    .filter((one) => one.channel === channel && one.host({}, {}) !== null)
    .map(({ label }) => label)
    .join(", ") || "nobody: it stays here";

const PrivacyPage: FC = () => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <title>Privacy · Schoolbell</title>
      <link rel="stylesheet" href="/docs/style.css" />
    </head>
    <body>
      <main class="guide">
        <h1>What is kept of learners</h1>
        <p>
          Schoolbell works for online schools: a school's LMS tells it what happens to a learner, and it does what the
          school has set up. The school decides what is told, what for, and how long it is kept: it is whom a learner
          asks. This page says what there is, and is made of the program itself: its tables, its settings, its ways out.
        </p>
        <h2>What is known</h2>
        <p>Nothing but what the school's systems say, and what follows from it. Of a learner that may be:</p>
        <ul>
          {[...Map.groupBy(Object.values(KNOWN), ([group]) => group)].map(([group, facts]) => (
            <li>
              <strong>{group}</strong>: {facts.map(([, words]) => words).join("; ")}.
            </li>
          ))}
        </ul>
        <p>
          What a school puts into its own fields, tags and events beyond that is its own choice. Schoolbell asks for no
          document, no card number, no password, and reads nothing of a learner's device: the script that a school's
          page may load (<code>/client.js</code>) sets no cookie and stores nothing.
        </p>
        <h2>Where, and how long</h2>
        <p>
          With Cloudflare, on whose network Schoolbell runs: each learner has a store of their own, near where they were
          first heard of; lists and the log are in a database.
        </p>
        <div tabindex={0}>
          <Places caption="In the learner's own store" of={IN_OBJECT} />
          <Places caption="In the database" of={IN_DATABASE} />
        </div>
        <p>
          Beside these: for {FEED_MS / DAY_MS} days the changes that the school's LMS may fetch; the file of an import
          until it is done. The program's own log names a learner by their id alone, never by an address or by what was
          said. The platform can bring a store back to any moment of the last {PLATFORM_DAYS} days, after a disaster; so
          long a copy that only it can reach holds what was erased. What was erased must then be erased again.
        </p>
        <h2>Who gets it</h2>
        <p>
          The people whom the school lists as collaborators, its own systems by its keys, whoever runs this
          installation, and those whom the school has chosen to send by. Nobody else, and nothing is sold.
        </p>
        <div tabindex={0}>
          <table>
            <caption>What leaves, for whoever the school has set up</caption>
            <thead>
              <tr>
                <th scope="col">Channel</th>
                <th scope="col">What</th>
                <th scope="col">By one of</th>
              </tr>
            </thead>
            <tbody>
              {channels.map(({ name, label }) => (
                <tr>
                  <th scope="row">{label}</th>
                  <td>{SENT[name]}</td>
                  <td>{vendorsOf(name)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <h2>What a learner may ask for</h2>
        <ul>
          <li>
            <strong>To see it all.</strong> The school fetches everything that is kept of them, from all the places
            above, as one file.
          </li>
          <li>
            <strong>To have it erased.</strong> All of it goes at once, with what is on its way to them. What stays is
            that somebody was erased and when, by a name that nobody can read, and, for evidence, when they were first
            and last in which courses, segments and automations.
          </li>
          <li>
            <strong>To have it corrected.</strong> The school says it anew.
          </li>
          <li>
            <strong>To get no more marketing mail.</strong> By the link in each such mail, without signing in.
          </li>
        </ul>
        <p>Ask the school: it knows you, and each of these is one button, or one call, to it.</p>
        <h2>Those who work at a school</h2>
        <p>
          Of them there are the address that the school lists, sessions until they end, attempts to sign in for a while,
          and what they changed, as long as the school keeps its log. Signing in sets one cookie, choosing light or dark
          another, choosing a language a third; there are no others. The editor keeps a step that was copied in the
          browser.
        </p>
      </main>
    </body>
  </html>
);

const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "public, max-age=300",
  "content-security-policy": "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
  ...SAFE,
};

const page = once(() => `<!doctype html>${<PrivacyPage />}`);

/** Serves `/privacy`, for anybody: what is kept of learners, as the program has it. */
export function mountPrivacy(app: App): void {
  app.get("/privacy", (c) => c.body(page(), 200, HEADERS));
}
