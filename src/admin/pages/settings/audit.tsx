import type { FC } from "hono/jsx";
import { startOfDay } from "../../../catalogue/dates/time";
import { type Draft, isRecord } from "../../../definition/types";
import { heldAmong } from "../../../held/hold";
import { inWords, say, weave } from "../../../language/say";
import { type Audited, auditKinds, changedNames, listAudit, namesOfWho } from "../../../schools/audit/audit";
import { AskedFilters, OddFilters } from "../../components/asked";
import { EmptyState } from "../../components/bits";
import { FilterChoice, FilterDay, Filters, hrefWith, usedOf } from "../../components/forms/filters";
import { ActionButton } from "../../components/forms/form";
import { isHeldKind, placeOf } from "../../components/frame/held";
import { exactText, Moment } from "../../components/moment";
import { Pager } from "../../components/table";
import { SpansText as Says } from "../../components/words";
import { Pages } from "../../page";
import type { Ctx } from "../../visit";
import { schoolWords, whoText } from "../../words/names";
import { sentence, type Words } from "../../words/sentences/sentence";
import { isUsualRole, roleWord } from "../../words/values/roles";
import { changes } from "../automations/versions/diff";
import { Changes } from "../automations/versions/versions";
import { jobName } from "../jobs/jobs";
import { ruleText } from "../segments/rule-words";
import { SettingsPage } from "./frame";

const HERE = "/settings/audit";
const PAGE = 50;

/** What the log kept of an automation is a whole definition, as it was checked then. */
const definitionOf = (part: Audited["before"]): Draft | null =>
  part && Array.isArray(part.when) && Array.isArray(part.then)
    ? ({ only_if: null, exit_when: [], exit_if: null, ...part } as unknown as Draft)
    : null;

/** Whose values are words of the API, and nobody's own. */
const OF_OURS = new Set(["match", "mode", "onLeave", "on_leave", "reason", "role", "source", "type"]);

/** "on leave" of `on_leave`, and of `onLeave`. */
const spaced = (name: string): string =>
  name.replaceAll("_", " ").replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** What an option's value is the id of. */
const KIND_OF: Readonly<Record<string, string>> = {
  segment: "segment",
  course: "course",
  group: "group",
  field: "field",
};

const isListOfWords = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === "string");

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z$/;

/** A value in words: what it holds by names, never as JSON, and moments as clocks of the school show them. */
const flat = (value: unknown, zone: string): string =>
  Array.isArray(value)
    ? value.length
      ? value.map((one) => flat(one, zone)).join("; ")
      : say("nothing")
    : isRecord(value)
      ? Object.entries(value)
          .filter(([, one]) => one !== null && one !== undefined)
          .map(([name, one]) => {
            const said = flat(one, zone);
            return `${inWords(spaced(name))}: ${OF_OURS.has(name) ? inWords(said) : said}`;
          })
          .join(", ")
      : typeof value === "boolean"
        ? say(value ? "yes" : "no")
        : typeof value === "string" && INSTANT.test(value)
          ? exactText(Date.parse(value), zone)
          : String(value);

type Where = Parameters<typeof ruleText>[0]["where"];
type Match = Parameters<typeof ruleText>[0]["match"];

const isWhere = (value: unknown): value is Where =>
  Array.isArray(value) && value.every((one) => isRecord(one) && typeof one.field === "string");

/** What the fields of clauses are called, as far as the school has named them. */
const namedIn = (where: Where, words: Words): { key: string; name: string }[] =>
  where.flatMap(({ field }) => {
    const name = words.nameOf("field", field);
    return name === field ? [] : [{ key: field, name }];
  });

/** How the clauses of a rule are joined, before or after a change. */
const matchIn = (part: Audited["before"], other: Audited["before"]): Match =>
  (part?.match ?? other?.match) === "any" ? "any" : "all";

const shown = (value: unknown, key: string, words: Words, zone: string, match: Match = "all"): string => {
  const isOurs = OF_OURS.has(key);
  if (key === "kind" && typeof value === "string") return jobName(value);
  if (key === "role" && typeof value === "string" && isUsualRole(value)) return roleWord(value);
  const written = isListOfWords(value)
    ? value.join(", ")
    : key === "where" && isWhere(value)
      ? ruleText({ match, where: value }, namedIn(value, words), words)
      : typeof value === "string"
        ? INSTANT.test(value)
          ? flat(value, zone)
          : words.nameOf(KIND_OF[key], value)
        : flat(value, zone);
  const text = value === undefined || value === null ? say("nothing") : isOurs ? inWords(spaced(written)) : written;
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
};

const Difference: FC<{ row: Audited; words: Words; zone: string }> = ({ row: { before, after }, words, zone }) => {
  const [was, is] = [definitionOf(before), definitionOf(after)];
  if (was && is) {
    const all = changes(was, is, words);
    return all.length ? <Changes changes={all} /> : <p class="soft">{say("Nothing that shows.")}</p>;
  }
  const only = is ?? was;
  if (only) {
    return (
      <p>{weave("“{name}”: {sentence}", { name: only.name, sentence: <Says spans={sentence(only, words)} /> })}</p>
    );
  }
  const keys = changedNames({ before, after });
  if (keys.length === 0) return null;
  // Of what is a learner's the log has the names alone.
  if (before === null && after !== null && "changed" in after) return <p class="soft">{keys.join(", ")}</p>;
  return (
    <dl class="facts">
      {keys.map((key) => (
        <>
          <dt>{inWords(spaced(key))}</dt>
          <dd>
            {before && key in before ? <del>{shown(before[key], key, words, zone, matchIn(before, after))}</del> : null}{" "}
            {after && key in after ? <ins>{shown(after[key], key, words, zone, matchIn(after, before))}</ins> : null}
          </dd>
        </>
      ))}
    </dl>
  );
};

/** "automation created" */
const whatText = (what: string): string => inWords(what.replaceAll(/[._]/g, " "));

const HELD = ".held";

/** By the ids of entries: where deletes that are put off are taken back, each at its last entry. */
async function waysBack(c: Ctx, rows: readonly Audited[]): Promise<Map<string, string>> {
  const { visit } = c.var;
  const ways = new Map<string, string>();
  const asked = rows.flatMap(({ what, subject }) => {
    const kind = what.slice(0, -HELD.length);
    return what.endsWith(HELD) && isHeldKind(kind) ? [{ kind, id: subject }] : [];
  });
  const held = await heldAmong(c.env, visit.school.id, asked);
  for (const { id, what, subject } of rows) {
    const kind = what.slice(0, -HELD.length);
    if (what.endsWith(HELD) && isHeldKind(kind) && held.delete(`${kind}:${subject}`))
      ways.set(id, `${placeOf(visit, kind, subject)}/restore`);
  }
  return ways;
}

export const settingsAuditPages = new Pages();

settingsAuditPages.get("/settings/audit", "owner", async (c) => {
  const visit = c.var.visit;
  const what = c.req.query("what") ?? "";
  const who = c.req.query("who") ?? "";
  const cursor = c.req.query("cursor");
  const filters = new AskedFilters(c);
  const since = filters.day("since");
  const asked = {
    what: what || undefined,
    who: who || undefined,
    since: since === "" ? undefined : startOfDay(since, visit.timezone),
  };
  const [page, kinds] = await Promise.all([
    listAudit(c.env, visit.school, { ...asked, cursor, order: "desc", limit: PAGE }),
    auditKinds(c.env, visit.school.id),
  ]);
  const [words, names, ways] = await Promise.all([
    schoolWords(c.env, visit.school.id, page.data),
    namesOfWho(c.env, visit.school.id, who === "" ? page.data : [...page.data, { who }]),
    waysBack(c, page.data),
  ]);
  return c.html(
    <SettingsPage c={c} title={say("Audit log")} here={HERE}>
      {who ? <p class="soft">{say("Only what {who} did is shown.", { who: whoText(who, names) || who })}</p> : null}
      <OddFilters asked={filters} />
      <Filters action={visit.path(HERE)} clear={usedOf(what, who, since) > 0} used={usedOf(what, since)}>
        {who ? <input type="hidden" name="who" value={who} /> : null}
        <FilterChoice
          name="what"
          label={say("What")}
          value={what}
          options={[["", say("Everything")], ...kinds.map((one) => [one, whatText(one)] as const)]}
        />
        <FilterDay name="since" label={say("Since")} value={since} />
      </Filters>
      {page.data.length === 0 && page.next_cursor === null ? (
        <EmptyState title={say("Nothing here")}>
          <p>
            {say(
              "Every change of a definition or a setting, and what was done by hand, is listed here with who did it.",
            )}
          </p>
        </EmptyState>
      ) : (
        <>
          <ol class="stack">
            {page.data.map((row) => (
              <li class="panel-box">
                <p>
                  <b>{whatText(row.what)}</b>{" "}
                  <span class="soft">
                    {weave("by {who},", {
                      who: (
                        <a
                          href={visit.path(hrefWith(HERE, { what, since, who: row.who }))}
                          title={say("Only what they did")}
                        >
                          {whoText(row.who, names)}
                        </a>
                      ),
                    })}
                  </span>{" "}
                  <span class="soft">
                    <Moment atMs={row.at} nowMs={Date.now()} timezone={visit.timezone} />
                  </span>{" "}
                  <small class="soft">{row.subject}</small>
                </p>
                <Difference row={row} words={words} zone={visit.timezone} />
                {ways.get(row.id) ? (
                  <ActionButton small action={ways.get(row.id) ?? ""}>
                    {say("Undo")}
                  </ActionButton>
                ) : null}
              </li>
            ))}
          </ol>
          <Pager page={page} at={visit.path(HERE)} filters={{ what, who, since }} c={c} />
        </>
      )}
    </SettingsPage>,
  );
});
