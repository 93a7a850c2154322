import { and, desc, eq, lt } from "drizzle-orm";
import type { FC } from "hono/jsx";
import { z } from "zod";
import { readOptionalJson } from "../../../base/json";
import { database } from "../../../db/client";
import { audit } from "../../../db/schema";
import { EmptyState } from "../../components/bits";
import { Choice, Filters } from "../../components/filters";
import { Moment } from "../../components/moment";
import { Pager } from "../../components/table";
import { Words as Says } from "../../components/words";
import type { Definition } from "../../model";
import { Pages } from "../../page";
import { schoolWords, whoText } from "../../words/names";
import { sentence, type Words } from "../../words/sentence";
import { changes } from "../automations/diff";
import { Changes } from "../automations/versions";
import { Settings } from "./frame";

const PAGE = 50;

type Row = typeof audit.$inferSelect;
const side = z.record(z.string(), z.unknown());
type Side = z.output<typeof side>;

/** What the log kept of an automation is a whole definition, as it was checked then. */
const definitionOf = (part: Side | null): Definition | null =>
  part && Array.isArray(part.when) && Array.isArray(part.then)
    ? ({ only_if: null, exit_when: [], exit_if: null, ...part } as unknown as Definition)
    : null;

const shown = (value: unknown): string => {
  const text =
    value === undefined || value === null ? "nothing" : typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
};

const Difference: FC<{ row: Row; words: Words }> = ({ row, words }) => {
  const before = readOptionalJson(side, row.before);
  const after = readOptionalJson(side, row.after);
  const [was, is] = [definitionOf(before), definitionOf(after)];
  if (was && is) {
    const all = changes(was, is, words);
    return all.length ? <Changes changes={all} /> : <p class="soft">Nothing that shows.</p>;
  }
  const only = is ?? was;
  if (only) {
    return (
      <p>
        “{only.name}”: <Says spans={sentence(only, words)} />
      </p>
    );
  }
  const keys = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].filter(
    (key) => JSON.stringify(before?.[key]) !== JSON.stringify(after?.[key]),
  );
  if (keys.length === 0) return null;
  return (
    <dl class="facts">
      {keys.map((key) => (
        <>
          <dt>{key.replaceAll("_", " ")}</dt>
          <dd>
            {before && key in before ? <del>{shown(before[key])}</del> : null}{" "}
            {after && key in after ? <ins>{shown(after[key])}</ins> : null}
          </dd>
        </>
      ))}
    </dl>
  );
};

export const settingsAuditPages = new Pages();

settingsAuditPages.get("/settings/audit", "owner", async (c) => {
  const visit = c.var.visit;
  const what = c.req.query("what") ?? "";
  const before = c.req.query("before");
  const ofSchool = eq(audit.school, visit.school.id);
  const db = database(c.env.DB);
  const [rows, kinds, words] = await Promise.all([
    db
      .select()
      .from(audit)
      .where(and(ofSchool, what === "" ? undefined : eq(audit.what, what), before ? lt(audit.id, before) : undefined))
      .orderBy(desc(audit.id))
      .limit(PAGE + 1),
    db.selectDistinct({ what: audit.what }).from(audit).where(ofSchool).orderBy(audit.what),
    schoolWords(c.env, visit.school.id),
  ]);
  const page = rows.slice(0, PAGE);
  const last = rows.length > PAGE ? page.at(-1) : undefined;
  const query = what === "" ? "" : `&what=${encodeURIComponent(what)}`;
  return c.html(
    <Settings c={c} title="Audit log" here="/admin/settings/audit">
      <Filters action="/admin/settings/audit" clear={what !== ""}>
        <Choice
          name="what"
          label="What"
          value={what}
          options={[["", "Everything"], ...kinds.map((one) => [one.what, one.what.replaceAll(/[._]/g, " ")] as const)]}
        />
      </Filters>
      {page.length === 0 ? (
        <EmptyState title="Nothing here">
          <p>Every change of a definition or a setting stands here, with who made it.</p>
        </EmptyState>
      ) : (
        <>
          <ol class="stack">
            {page.map((row) => (
              <li class="panel-box">
                <p>
                  <b>{row.what.replaceAll(/[._]/g, " ")}</b> <span class="soft">by {whoText(row.who)},</span>{" "}
                  <span class="soft">
                    <Moment atMs={row.at} nowMs={Date.now()} timezone={visit.timezone} />
                  </span>{" "}
                  <small class="soft">{row.subject}</small>
                </p>
                <Difference row={row} words={words} />
              </li>
            ))}
          </ol>
          <Pager
            shown={page.length}
            next={last ? `/admin/settings/audit?before=${encodeURIComponent(last.id)}${query}` : null}
            first={before ? `/admin/settings/audit?${query.slice(1)}` : null}
          />
        </>
      )}
    </Settings>,
  );
});
