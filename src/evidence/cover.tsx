import type { Child, FC } from "hono/jsx";
import type { Origin } from "../catalogue/facts/givers";
import { dateIn, language, later, say, weave } from "../language/say";
import { type About, FILES } from "./lines";

/*
 * The first page of a pack, for people: a file of HTML that asks for nothing and runs nothing; in the
 * language of whoever it is made for.
 */

/** So many learners stand on it; all of them in people.csv. */
export const MOST_SHOWN = 500;

export interface Cover {
  school: string;
  /** What it is about. */
  kind: About["kind"];
  id: string;
  from: string;
  to: string;
  madeAt: string;
  timezone: string;
  /** From when on it is whole; null: all of its time. */
  holdsFrom: string | null;
  learners: number;
  erased: number;
  messages: number;
  /** Who could not be read. */
  missing: readonly string[];
  /** The first lines of people.csv. */
  people: readonly (readonly string[])[];
  automations: readonly { id: string; name: string | null; version: number; from: string; until: string | null }[];
}

const SHOWN = [
  [later("Learner"), "name", "learner"],
  [later("Course"), "course"],
  [later("Enrolled"), "enrolled_at"],
  [later("Enrolled by"), "enrolled_by"],
  [later("Left"), "left_at"],
  [later("Completed"), "completed_at"],
  [later("Certificate"), "certified_at"],
  [later("Valid until"), "certificate_expires_at"],
  [later("Messages"), "messages"],
] as const;

const MEMBER = [
  [later("Member from"), "member_from"],
  [later("Member until"), "member_until"],
] as const;

/** What stands there of each learner: of a segment, too, from when until when they were in it. */
const shownOf = (kind: About["kind"]) =>
  kind === "segment" ? [...SHOWN.slice(0, 1), ...MEMBER, ...SHOWN.slice(1)] : SHOWN;

const COLUMNS: readonly string[] = FILES.people;

const TITLE = {
  course: later("Evidence: the course {id}"),
  segment: later("Evidence: the segment {id}"),
  automation: later("Evidence: the automation {id}"),
} as const;

/** By what, as people call it. */
const BY = {
  event: later("an event@cause"),
  run: later("an automation@cause"),
  rule: later("a segment’s rule"),
  sync: later("a segment’s sync"),
  auto_group: later("an auto group"),
  bundle: later("a bundle"),
  import: later("an import@cause"),
  hand: later("someone at the school"),
  learner: later("the learner@cause"),
  reconcile: later("matching with the LMS"),
  merge: later("a merge of two records"),
  undo: later("an undo@cause"),
  time: later("the passing of time"),
} as const satisfies Record<Origin["by"], string>;

const STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}caption{text-align:start;padding:.5rem 0}
th,td{text-align:start;padding:.3rem .6rem .3rem 0;border-bottom:1px solid #8886;vertical-align:top;overflow-wrap:anywhere}
.wide{overflow-x:auto}code{overflow-wrap:anywhere}`;

/** A day as it is at the school; what is no time stays as it is. */
const day = (text: string, timeZone: string): string => {
  const at = Date.parse(text);
  return Number.isNaN(at) ? text : dateIn(at, { day: "numeric", month: "short", year: "numeric", timeZone });
};

/** A moment likewise, to the second where it is none of a minute. */
const moment = (text: string, timeZone: string): string => {
  const at = Date.parse(text);
  return dateIn(at, {
    ...({ day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" } as const),
    ...(at % 60_000 === 0 ? {} : { second: "2-digit" }),
    timeZone,
  });
};

function cellOf(line: readonly string[], names: readonly string[], timezone: string): string {
  const found = names.map((name) => line[COLUMNS.indexOf(name)] ?? "").find((text) => text !== "") ?? "";
  if (/_by$/.test(names[0] ?? "")) return Object.hasOwn(BY, found) ? say(BY[found as Origin["by"]]) : found;
  return /_at$|^member_/.test(names[0] ?? "") ? day(found, timezone) : found;
}

const Lines: FC<{ caption: string; heads: readonly string[]; rows: readonly (readonly Child[])[] }> = (of) => (
  <section class="wide" aria-label={of.caption} tabindex={0}>
    <table>
      <caption>{of.caption}</caption>
      <thead>
        <tr>
          {of.heads.map((head) => (
            <th scope="col">{head}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {of.rows.map((row) => (
          <tr>
            {row.map((cell) => (
              <td>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

const Held: FC<{ cover: Cover }> = ({ cover: { school, from, to, madeAt, timezone, learners, messages, erased } }) => (
  <>
    <p>
      {weave("School: {school}", { school: <b>{school}</b> })}
      <br />
      {weave("From {from} until before {to}", {
        from: <b>{moment(from, timezone)}</b>,
        to: <b>{moment(to, timezone)}</b>,
      })}
      <br />
      {say("Made: {time}. Times on this page are those of the school’s zone, {zone}; those in the files are UTC.", {
        time: moment(madeAt, timezone),
        zone: timezone,
      })}
      <br />
      {say("Names and addresses are those of when it was made, whatever they were in the time it is about.")}
    </p>
    <ul>
      <li>{weave("Learners: {n}", { n: <b>{learners}</b> })}</li>
      <li>{weave("Messages to them: {n}", { n: <b>{messages}</b> })}</li>
      <li>{weave("Erased at their wish since: {n}; of them only a pseudonym is left", { n: <b>{erased}</b> })}</li>
    </ul>
  </>
);

const File: FC<{ name: string; says: string }> = ({ name, says }) => (
  <li>
    <code>{name}</code>: {says}
  </li>
);

const Files: FC = () => (
  <ul>
    <File
      name="people.csv"
      says={say("each learner and course: enrolled, left, completed, certified, when and by what")}
    />
    <File name="events.csv" says={say("each thing that happened in the time, and what brought it about")} />
    <File
      name="messages.csv"
      says={say("each message to a learner, by which step, and what became of it; not what it said")}
    />
    <File name="runs.csv" says={say("each time a learner went through the automation, where this is about one")} />
    <File
      name="erased.csv"
      says={say(
        "who was in it and was erased since, by a pseudonym, and when; and who may have been, where that is not known any more",
      )}
    />
    <File name="definitions.json" says={say("automations, segments, rules and syncs as they stood in that time")} />
    <File name="manifest.json" says={say("the SHA-256 of each file")} />
    <File name="manifest.sig.json" says={say("the signature over the manifest")} />
  </ul>
);

const Page: FC<{ cover: Cover }> = ({ cover }) => {
  const { kind, id, holdsFrom, missing, people, learners, automations, timezone } = cover;
  const shown = shownOf(kind);
  const title = say(TITLE[kind], { id });
  return (
    <html lang={language().code}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <title>{title}</title>
        <style>{STYLE}</style>
      </head>
      <body>
        <main>
          <h1>{title}</h1>
          <Held cover={cover} />
          {holdsFrom === null ? null : (
            <p>
              {weave("{whole}: what was before is kept no longer, or not all of it.", {
                whole: <b>{say("Whole from {time} on", { time: moment(holdsFrom, timezone) })}</b>,
              })}
            </p>
          )}
          {missing.length ? (
            <p>{say("Not in it, as they could not be read: {learners}", { learners: missing.join(", ") })}</p>
          ) : null}
          <h2>{say("What is in it")}</h2>
          <Files />
          <h2>{say("To check that nothing was changed")}</h2>
          <p>
            {weave(
              "Run {command} on the zip as it came. KEYS is the file of public keys that the manifest’s {entry} names: whoever holds it needs no connection.",
              { command: <code>npx schoolbell verify FILE --keys KEYS</code>, entry: <code>keys_url</code> },
            )}
          </p>
          <h2>{say("Learners")}</h2>
          <Lines
            caption={
              learners > people.length
                ? say("The first of the learners; all of them are in people.csv")
                : say("Learners")
            }
            heads={shown.map(([head]) => say(head))}
            rows={people.map((line) => shown.map(([, ...names]) => cellOf(line, names, timezone)))}
          />
          <h2>{say("Automations in force")}</h2>
          {automations.length ? (
            <Lines
              caption={say("Automations in force")}
              heads={[say("Name"), say("Id"), say("Version"), say("From"), say("Until")]}
              rows={automations.map(({ id: automation, name, version, from, until }) => [
                ...[name ?? say("(deleted since)"), <code>{automation}</code>, String(version), day(from, timezone)],
                until === null ? "" : day(until, timezone),
              ])}
            />
          ) : (
            <p>{say("None was.")}</p>
          )}
        </main>
      </body>
    </html>
  );
};

export const coverOf = (cover: Cover): string => `<!doctype html>\n${<Page cover={cover} />}\n`;
