import type { FC } from "hono/jsx";
import type { Word } from "../../../automations/finding/pickers";
import type { Problem } from "../../../base/errors/errors";
import type { AnswerTo } from "../../../http/answering/answers";
import { say } from "../../../language/say";
import { EmptyState } from "../../components/bits";
import { Form } from "../../components/forms/form";
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
import { RefusalNotice } from "../problem";
import { SegmentsNav } from "./segments";
import { OnOff, SwitchButton } from "./switch";

/* Auto groups group the members of a course by a field. */

type AutoGroup = AnswerTo<"GET /v1/auto-groups/:id">;

const HERE = "/auto-groups";
const PAGE = 100;
const groupPath = (visit: Visit, id: string) => visit.path(`${HERE}/${encodeURIComponent(id)}`);

interface TableProps {
  groups: readonly AutoGroup[];
  words: Words;
  visit: Visit;
}

const AutoGroupTable: FC<TableProps> = ({ groups, words, visit }) => (
  <Table
    caption={say("Auto groups")}
    rows={groups}
    keyOf={(one) => one.id}
    columns={[
      {
        head: say("Course"),
        names: true,
        cell: (one) => <Called id={one.course} name={words.nameOf("course", one.course)} />,
      },
      { head: say("By"), cell: (one) => words.nameOf("field", one.field) },
      { head: say("State"), cell: (one) => <OnOff on={one.active} /> },
      ...(visit.mayEdit
        ? [
            {
              head: say("Actions"),
              end: true,
              cell: (one: AutoGroup) => (
                <span class="inline is-end">
                  <SwitchButton
                    path={groupPath(visit, one.id)}
                    active={one.active}
                    what={words.nameOf("course", one.course)}
                    off={say("Switch off: groups stay as they are")}
                  />
                  <a class="button is-small is-danger" href={`${groupPath(visit, one.id)}/delete`}>
                    {say("Delete…")}
                    <span class="sr-only"> {words.nameOf("course", one.course)}</span>
                  </a>
                </span>
              ),
            },
          ]
        : []),
    ]}
  />
);

interface NewProps {
  visit: Visit;
  fields: readonly Word[];
  courses: readonly Word[];
  refused: Problem | null;
  /** As they were sent. */
  values: Readonly<Record<string, string>>;
}

const NewAutoGroup: FC<NewProps> = ({ visit, fields, courses, refused, values }) => (
  <>
    <h2 class="part">{say("New auto group")}</h2>
    <RefusalNotice problem={refused} />
    <Form action={visit.path(HERE)} class="form">
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
      <ChooseField
        name="field"
        kind="field"
        label={say("By the profile field")}
        required
        value={values.field ?? ""}
        known={fields}
        fault={faultAt(refused, "/field")}
      />
      <button type="submit" class="button is-main">
        {say("Create auto group")}
      </button>
    </Form>
  </>
);

async function autoGroupsPage(
  c: Ctx,
  refused: Problem | null = null,
  values: Readonly<Record<string, string>> = {},
): Promise<Html> {
  const visit = c.var.visit;
  const cursor = c.req.query("cursor");
  const [page, fields, deleted, courses] = await Promise.all([
    visit.api.call("GET /v1/auto-groups", { query: { limit: PAGE, cursor } }),
    knownWith(c, "field", values.field ?? ""),
    visit.api.all("GET /v1/auto-groups", { query: { deleted: true } }, HELD_SHOWN),
    knownOf(c, "course"),
  ]);
  const groups = page.data;
  const words = await schoolWords(c.env, visit.school.id, groups, deleted);
  const nameOfField = (key: string): string => words.nameOf("field", key);
  const held = heldRows(deleted, ({ id, course, field }) => ({
    id,
    name: say("{course} by {field}", { course: words.nameOf("course", course), field: nameOfField(field) }),
  }));
  return (
    <Layout title={say("Auto groups")} viewer={visit.viewer} section="segments">
      <PageHead title={say("Auto groups")} />
      <SegmentsNav visit={visit} here={HERE} />
      <Notice c={c} />
      {groups.length === 0 ? (
        <EmptyState title={say("No auto groups yet")}>
          <p>
            {say(
              "The members of a course are grouped by a field of theirs: one group for each department, created as needed.",
            )}
          </p>
        </EmptyState>
      ) : (
        <AutoGroupTable groups={groups} words={words} visit={visit} />
      )}
      {page.next_cursor !== null || cursor ? <Pager page={page} at={visit.path(HERE)} c={c} /> : null}
      <HeldList visit={visit} kind="auto_group" rows={held} />
      {visit.mayEdit ? (
        fields.length ? (
          <NewAutoGroup visit={visit} fields={fields} courses={courses} refused={refused} values={values} />
        ) : (
          <p class="after">
            {say("There is no profile field to group by yet.")}{" "}
            <a href={visit.path("/settings/fields")}>{say("Add one")}</a>
          </p>
        )
      ) : null}
    </Layout>
  );
}

export const autoGroupsPages = new Pages();

autoGroupsPages.get("/auto-groups", "viewer", async (c) => c.html(await autoGroupsPage(c)));

autoGroupsPages.post("/auto-groups", "editor", async (c) => {
  const fields = await formFieldsOf(c);
  const values = {
    course: await meantId(c, "course", fields.text("course")),
    field: await meantId(c, "field", fields.text("field")),
  };
  const { value, refused } = await attempt(() => c.var.visit.api.call("POST /v1/auto-groups", { body: values }));
  return refused
    ? c.html(await autoGroupsPage(c, refused, values), refused.status)
    : afterWrite(c, value, c.var.visit.path(HERE));
});

autoGroupsPages.post("/auto-groups/:id/active", "editor", async (c) => {
  const active = (await formFieldsOf(c)).text("active") === "true";
  const written = await c.var.visit.api.call("PATCH /v1/auto-groups/:id", { params: c.req.param(), body: { active } });
  return afterWrite(c, written, c.var.visit.path(HERE));
});
