import type { FC } from "hono/jsx";
import { automationNames } from "../../../automations/find";
import type { Problem } from "../../../base/errors/errors";
import { endOfDay, isDate, localDate, startOfDay } from "../../../catalogue/dates/time";
import type { RowOf } from "../../../http/answering/answers";
import { figure, later, say } from "../../../language/say";
import { Badge, EmptyState, StatusBadge } from "../../components/bits";
import { Form, SelectField, TextField } from "../../components/forms/form";
import { howFar } from "../../components/how-far";
import { dateText, Moment } from "../../components/moment";
import { Pager, Table } from "../../components/table";
import { Pages } from "../../page";
import { attempt, type Ctx, faultAt, formFieldsOf, type Html, seeOther, type Visit } from "../../visit";
import { meantId } from "../../words/meant";
import { namesFor } from "../../words/names";
import { jobPath } from "../jobs/jobs";
import { RefusalNotice } from "../problem";
import { SettingsPage } from "../settings/frame";
import { EVIDENCE } from "./path";

/* Evidence packs: asked for, made, and taken away to be shown to whoever asks. */

type Pack = RowOf<"GET /v1/evidence">;

const KINDS = [
  ["course", later("A course")],
  ["segment", later("A segment")],
  ["automation", later("An automation")],
] as const;
const ABOUT = {
  course: later("Course {name}"),
  segment: later("Segment {name}"),
  automation: later("Automation {name}"),
} as const;
type Kind = (typeof KINDS)[number][0];
const kindOf = (text: string): Kind => KINDS.find(([kind]) => kind === text)?.[0] ?? "course";

const DAY_MS = 86_400_000;
const YEAR_DAYS = 365;

interface Written {
  kind: string;
  about: string;
  from: string;
  to: string;
}

const AskForm: FC<{ visit: Visit; values: Written; refused: Problem | null }> = ({ visit, values, refused }) => (
  <>
    <h2 class="part">{say("New evidence pack")}</h2>
    <RefusalNotice problem={refused} />
    <Form action={visit.path(EVIDENCE)} class="form">
      <SelectField
        name="kind"
        label={say("About")}
        options={KINDS.map(([kind, label]) => [kind, say(label)] as const)}
        value={values.kind}
      />
      <TextField
        name="about"
        label={say("Which one")}
        required
        value={values.about}
        hint={say("Its name, or its id.")}
        fault={KINDS.map(([kind]) => faultAt(refused, `/${kind}`)).find((text) => text !== undefined)}
      />
      <TextField
        name="from"
        label={say("From the day")}
        type="date"
        required
        value={values.from}
        fault={faultAt(refused, "/from")}
      />
      <TextField
        name="to"
        label={say("Up to and with the day")}
        type="date"
        required
        value={values.to}
        fault={faultAt(refused, "/to")}
      />
      <button type="submit" class="button is-main">
        {say("Make the pack")}
      </button>
    </Form>
  </>
);

const aboutIn = ({ about }: Pack): [kind: Kind, id: string] => {
  const kind = KINDS.find(([name]) => about[name] !== undefined)?.[0] ?? "course";
  return [kind, about[kind] ?? ""];
};

/** Learners, without why a pack itself failed. */
const leftOut = ({ errors }: Pack) => errors.filter(({ user }) => user !== undefined);

const isLive = ({ status }: Pack): boolean => status === "queued" || status === "running";

const State: FC<{ visit: Visit; pack: Pack; name: string }> = ({ visit, pack, name }) =>
  pack.status === "done" ? (
    <a class="button is-small" href={visit.path(`/api/v1/evidence/${encodeURIComponent(pack.job_id)}`)} download>
      {say("Download")}
      <span class="sr-only"> {say("the pack of {name}", { name })}</span>
    </a>
  ) : (
    <span class="inline">
      <StatusBadge status={pack.status} />
      <a href={jobPath(visit, pack.job_id)}>
        {isLive(pack) ? howFar(pack.done, pack.total, true) : say("What happened")}
        <span class="sr-only">
          {" "}
          {isLive(pack) ? say("learners, of {name}", { name }) : say("the pack of {name}", { name })}
        </span>
      </a>
    </span>
  );

async function packsPage(c: Ctx, values: Written, refused: Problem | null = null): Promise<Html> {
  const { visit } = c.var;
  const cursor = c.req.query("cursor");
  const page = await visit.api.call("GET /v1/evidence", { query: { order: "desc", cursor, limit: 20 } });
  const [names, automations] = await Promise.all([
    namesFor(c.env, visit.school.id, page.data),
    automationNames(
      c.env,
      visit.school.id,
      page.data.flatMap(({ about }) => about.automation ?? []),
    ),
  ]);
  const nameOf = (pack: Pack): string => {
    const [kind, id] = aboutIn(pack);
    if (kind === "automation") return automations.get(id) ?? say("a deleted automation");
    const known = names[kind];
    return known && Object.hasOwn(known, id) ? (known[id] ?? id) : id;
  };
  const day = (text: string, less = 0): string => dateText(Date.parse(text) - less, visit.timezone);
  return (
    <SettingsPage c={c} title={say("Evidence")} here={EVIDENCE}>
      <p class="lead">
        {say(
          "A pack proves who was enrolled, reminded, finished and certified, when and by what. It is signed: whoever gets it can check that nothing was changed.",
        )}
      </p>
      {page.data.length === 0 ? (
        <EmptyState title={say("No packs yet")}>
          <p>{say("Make one below. It is kept as long as the log; one that is gone can be made anew.")}</p>
        </EmptyState>
      ) : (
        <>
          <Table
            caption={say("Evidence packs")}
            rows={page.data}
            keyOf={(pack) => pack.job_id}
            columns={[
              { head: say("About"), names: true, cell: (pack) => say(ABOUT[aboutIn(pack)[0]], { name: nameOf(pack) }) },
              {
                head: say("Time"),
                cell: (pack) => (
                  <>
                    {say("{from} to {to}", { from: day(pack.from), to: day(pack.to, 1) })}
                    {typeof pack.result?.holds_from === "string" ? (
                      <>
                        <br />
                        <Badge tone="warning">{say("whole from {day} on", { day: day(pack.result.holds_from) })}</Badge>
                      </>
                    ) : null}
                  </>
                ),
              },
              {
                head: say("Learners"),
                number: true,
                cell: (pack) => (typeof pack.result?.learners === "number" ? figure(pack.result.learners) : ""),
              },
              { head: say("Left out"), number: true, cell: (pack) => figure(leftOut(pack).length) },
              {
                head: say("Asked for"),
                cell: (pack) => (
                  <Moment atMs={Date.parse(pack.created_at)} nowMs={Date.now()} timezone={visit.timezone} />
                ),
              },
              { head: say("Pack"), end: true, cell: (pack) => <State visit={visit} pack={pack} name={nameOf(pack)} /> },
            ]}
          />
          <Pager page={page} at={visit.path(EVIDENCE)} c={c} />
        </>
      )}
      <AskForm visit={visit} values={values} refused={refused} />
      <p class="hint after">
        {say(
          "A pack reaches as far back as the log, or further where School says for how many years evidence is kept. Whoever is erased is taken out of every pack that lies here.",
        )}
      </p>
    </SettingsPage>
  );
}

export const evidencePages = new Pages();

evidencePages.get(EVIDENCE, "owner", async (c) => {
  const { nowMs, timezone } = c.var.visit;
  const today = localDate(nowMs, timezone);
  const from = localDate(nowMs - YEAR_DAYS * DAY_MS, timezone);
  const kind = kindOf(c.req.query("kind") ?? "");
  return c.html(await packsPage(c, { kind, about: c.req.query("about")?.slice(0, 300) ?? "", from, to: today }));
});

evidencePages.post(EVIDENCE, "owner", async (c) => {
  const { visit } = c.var;
  const fields = await formFieldsOf(c);
  const [kind, from, to] = [kindOf(fields.text("kind")), fields.text("from"), fields.text("to")];
  const id = await meantId(c, kind, fields.text("about"));
  const time = (day: string, moment: (day: string, zone: string) => number): string =>
    isDate(day) ? new Date(Math.min(moment(day, visit.timezone), visit.nowMs)).toISOString() : day;
  const { refused } = await attempt(() =>
    visit.api.call("POST /v1/evidence", {
      body: { [kind]: id, from: time(from, startOfDay), to: time(to, endOfDay) },
    }),
  );
  if (!refused) return seeOther(c, visit.path(EVIDENCE), { done: "started" });
  return c.html(await packsPage(c, { kind, about: fields.text("about"), from, to }, refused), refused.status);
});
