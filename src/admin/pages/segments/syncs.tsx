import type { FC } from "hono/jsx";
import type { Word } from "../../../automations/finding/pickers";
import type { Problem } from "../../../base/errors/errors";
import type { AnswerTo } from "../../../http/answering/answers";
import { say } from "../../../language/say";
import { EmptyState } from "../../components/bits";
import { CheckField, Form, TextField } from "../../components/forms/form";
import { ChooseField, PickField } from "../../components/forms/pick";
import { HELD_SHOWN, HeldList, heldRows } from "../../components/frame/held";
import { Layout, PageHead } from "../../components/frame/layout";
import { Notice } from "../../components/frame/notice";
import { Pager, Table } from "../../components/table";
import { Called } from "../../components/words";
import { Pages } from "../../page";
import { afterWrite, attempt, type Ctx, faultAt, formFieldsOf, type Html, type Visit } from "../../visit";
import { knownOf, knownWith, meantId } from "../../words/meant";
import { schoolWords } from "../../words/names";
import type { Words } from "../../words/sentences/sentence";
import { roleWord } from "../../words/values/roles";
import { RefusalNotice } from "../problem";
import { SegmentsNav, segmentPath } from "./segments";
import { OnOff } from "./switch";
import { givenIn, SyncFields, writtenIn } from "./sync-fields";

/* Syncs enrol the members of a segment in a course. */

type Sync = AnswerTo<"GET /v1/segment-syncs/:id">;

const PAGE = 100;

export const syncPath = (visit: Visit, id: string) => visit.path(`/syncs/${encodeURIComponent(id)}`);

/** What its members have of it. */
function givenBy({ enrol, role: called, group }: Sync, words: Words): string {
  const role = roleWord(called);
  if (group === null) return role;
  const named = words.nameOf("group", group);
  return enrol
    ? say("{role}, in {group}", { role, group: named })
    : say("the group {group}, to whoever is enrolled anyway", { group: named });
}

const SyncTable: FC<{ syncs: readonly Sync[]; words: Words; visit: Visit }> = ({ syncs, words, visit }) => (
  <Table
    caption={say("Syncs")}
    rows={syncs}
    keyOf={(one) => one.id}
    columns={[
      { head: say("Name"), names: true, cell: (one) => <a href={syncPath(visit, one.id)}>{one.name}</a> },
      {
        head: say("Segment"),
        cell: (one) => <a href={segmentPath(visit, one.segment)}>{words.nameOf("segment", one.segment)}</a>,
      },
      { head: say("Course"), cell: (one) => <Called id={one.course} name={words.nameOf("course", one.course)} /> },
      { head: say("Gives"), cell: (one) => givenBy(one, words) },
      { head: say("State"), cell: (one) => <OnOff on={one.active} /> },
    ]}
  />
);

interface NewProps {
  visit: Visit;
  segments: readonly Word[];
  courses: readonly Word[];
  groups: readonly Word[];
  refused: Problem | null;
  /** As they were sent. */
  values: Readonly<Record<string, string>>;
}

const NewSync: FC<NewProps> = ({ visit, segments, courses, groups, refused, values }) => (
  <>
    <h2 class="part">{say("New sync")}</h2>
    <RefusalNotice problem={refused} />
    <Form action={visit.path("/syncs")} class="form">
      <TextField name="name" label={say("Name")} required value={values.name ?? ""} fault={faultAt(refused, "/name")} />
      <ChooseField
        name="segment"
        kind="segment"
        label={say("Segment")}
        required
        known={segments}
        value={values.segment ?? ""}
        fault={faultAt(refused, "/segment")}
      />
      <PickField
        name="course"
        kind="course"
        label={say("Course")}
        required
        known={courses}
        value={values.course ?? ""}
        hint={say("Choose one by its name; a course that is new here by its id in the LMS.")}
        fault={faultAt(refused, "/course", "course")}
      />
      <SyncFields values={values} refused={refused} groups={groups} />
      <CheckField
        name="active"
        label={say("Switched on")}
        checked
        hint={say("Members who are there already are enrolled at once.")}
      />
      <button type="submit" class="button is-main">
        {say("Create sync")}
      </button>
    </Form>
  </>
);

async function syncsPage(
  c: Ctx,
  refused: Problem | null = null,
  values: Readonly<Record<string, string>> = {},
): Promise<Html> {
  const visit = c.var.visit;
  const cursor = c.req.query("cursor");
  const segment = values.segment ?? c.req.query("segment") ?? "";
  const [page, segments, deleted, courses, groups] = await Promise.all([
    visit.api.call("GET /v1/segment-syncs", { query: { limit: PAGE, cursor } }),
    knownWith(c, "segment", segment),
    visit.api.all("GET /v1/segment-syncs", { query: { deleted: true } }, HELD_SHOWN),
    knownOf(c, "course"),
    knownOf(c, "group"),
  ]);
  const syncs = page.data;
  const words = await schoolWords(c.env, visit.school.id, syncs);
  return (
    <Layout title={say("Syncs")} viewer={visit.viewer} section="segments">
      <PageHead title={say("Syncs with courses")} />
      <SegmentsNav visit={visit} here="/syncs" />
      <Notice c={c} />
      {syncs.length === 0 ? (
        <EmptyState title={say("No syncs yet")}>
          <p>
            {say(
              "A sync is a way into a course: whoever joins the segment is enrolled, whoever leaves is not any more. What somebody has by another way, they keep.",
            )}
          </p>
        </EmptyState>
      ) : (
        <SyncTable syncs={syncs} words={words} visit={visit} />
      )}
      {page.next_cursor !== null || cursor ? <Pager page={page} at={visit.path("/syncs")} c={c} /> : null}
      <HeldList visit={visit} kind="segment_sync" rows={heldRows(deleted, ({ id, name }) => ({ id, name }))} />
      {visit.mayEdit && segments.length > 0 ? (
        <NewSync
          visit={visit}
          segments={segments}
          courses={courses}
          groups={groups}
          refused={refused}
          values={{ ...values, segment }}
        />
      ) : null}
    </Layout>
  );
}

export const syncsPages = new Pages();

syncsPages.get("/syncs", "viewer", async (c) => c.html(await syncsPage(c)));

syncsPages.post("/syncs", "editor", async (c) => {
  const fields = await formFieldsOf(c);
  const text = (name: string) => fields.text(name);
  const values = {
    ...(await writtenIn(c, fields)),
    name: text("name"),
    segment: await meantId(c, "segment", text("segment")),
    course: await meantId(c, "course", text("course")),
  };
  const { value, refused } = await attempt(() =>
    c.var.visit.api.call("POST /v1/segment-syncs", {
      body: { ...values, ...givenIn(values), active: fields.has("active") },
    }),
  );
  return refused
    ? c.html(await syncsPage(c, refused, values), refused.status)
    : afterWrite(c, value, c.var.visit.path("/syncs"));
});
