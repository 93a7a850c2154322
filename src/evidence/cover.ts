import { escapeHtml } from "../catalogue/text/html";
import { FILES } from "./lines";

/* The first page of a pack, for people: a file of HTML that asks for nothing and runs nothing. */

/** So many learners stand on it; all of them in people.csv. */
export const MOST_SHOWN = 500;

export interface Cover {
  school: string;
  /** Of what: "the course js-101". */
  title: string;
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
  ["Learner", "name", "learner"],
  ["Course", "course"],
  ["Enrolled", "enrolled_at"],
  ["by", "enrolled_by"],
  ["Completed", "completed_at"],
  ["Certificate", "certified_at"],
  ["until", "certificate_expires_at"],
  ["Messages", "messages"],
] as const;

const COLUMNS: readonly string[] = FILES.people;

const STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}caption{text-align:start;padding:.5rem 0}
th,td{text-align:start;padding:.3rem .6rem .3rem 0;border-bottom:1px solid #8886;vertical-align:top;overflow-wrap:anywhere}
.wide{overflow-x:auto}code{overflow-wrap:anywhere}`;

const day = (text: string): string => escapeHtml(text.slice(0, 10));

function cellOf(line: readonly string[], names: readonly string[]): string {
  const found = names.map((name) => line[COLUMNS.indexOf(name)] ?? "").find((text) => text !== "");
  return /_at$/.test(names[0] ?? "") ? day(found ?? "") : escapeHtml(found ?? "");
}

const table = (caption: string, heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  `<div class="wide" role="region" aria-label="${escapeHtml(caption)}" tabindex="0"><table><caption>${escapeHtml(caption)}</caption>
<thead><tr>${heads.map((head) => `<th scope="col">${escapeHtml(head)}</th>`).join("")}</tr></thead>
<tbody>${rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join("")}</tr>`).join("\n")}</tbody></table></div>`;

export function coverOf(cover: Cover): string {
  const { title, school, people, learners, automations, missing } = cover;
  const shown = people.map((line) => SHOWN.map(([, ...names]) => cellOf(line, names)));
  const inForce = automations.map(({ id, name, version, from, until }) => [
    ...[escapeHtml(name ?? "(deleted since)"), `<code>${escapeHtml(id)}</code>`, String(version), day(from)],
    until === null ? "" : day(until),
  ]);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(`Evidence: ${title}`)}</title><style>${STYLE}</style></head><body><main>
<h1>${escapeHtml(`Evidence: ${title}`)}</h1>
<p>School: <b>${escapeHtml(school)}</b><br>From <b>${escapeHtml(cover.from)}</b> until before <b>${escapeHtml(cover.to)}</b><br>
Made: ${escapeHtml(cover.madeAt)}. All times are UTC; the school’s zone is ${escapeHtml(cover.timezone)}.</p>
<ul><li>Learners: <b>${learners}</b></li><li>Messages to them: <b>${cover.messages}</b></li>
<li>Erased at their wish since: <b>${cover.erased}</b>; of them only a pseudonym is left</li></ul>
${cover.holdsFrom === null ? "" : `<p><b>Whole from ${escapeHtml(cover.holdsFrom)} on</b>: what was before is kept no longer, or not all of it.</p>`}
${missing.length ? `<p><b>Not in it</b>, as they could not be read: ${missing.map(escapeHtml).join(", ")}</p>` : ""}
<h2>What is in it</h2>
<ul><li><code>people.csv</code>: each learner and course: enrolled, completed, certified, when and by what</li>
<li><code>events.csv</code>: each thing that happened in the time, and what brought it about</li>
<li><code>messages.csv</code>: each message to a learner, by which step, and what became of it; not what it said</li>
<li><code>runs.csv</code>: each time a learner went through the automation, where this is about one</li>
<li><code>erased.csv</code>: pseudonyms of who was erased, and when</li>
<li><code>definitions.json</code>: automations, segments, rules and syncs as they stood in that time</li>
<li><code>manifest.json</code>: the SHA-256 of each file; <code>manifest.sig.json</code>: the signature over it</li></ul>
<h2>To check that nothing was changed</h2>
<p>Run <code>npx schoolbell verify FILE --keys KEYS</code> on the zip as it came. KEYS is the file of public keys that the
manifest’s <code>keys_url</code> names: whoever holds it needs no connection.</p>
<h2>Learners</h2>
${table(
  learners > shown.length ? "The first of the learners; all of them are in people.csv" : "Learners",
  SHOWN.map(([head]) => head),
  shown,
)}
<h2>Automations in force</h2>
${inForce.length ? table("Automations in force", ["Name", "Id", "Version", "From", "Until"], inForce) : "<p>None.</p>"}
</main></body></html>
`;
}
