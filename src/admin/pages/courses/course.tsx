import type { FC } from "hono/jsx";
import type { Word } from "../../../automations/finding/pickers";
import type { Problem } from "../../../base/errors/errors";
import { endOfDay, formatInstant, isDate, localDate } from "../../../catalogue/dates/time";
import type { AnswerTo } from "../../../http/answering/answers";
import { figure, many, say } from "../../../language/say";
import { EmptyState } from "../../components/bits";
import { hrefWith } from "../../components/forms/filters";
import { AskedButton, CheckField, Form, TextField } from "../../components/forms/form";
import { PickField } from "../../components/forms/pick";
import { Layout, PageHead } from "../../components/frame/layout";
import { Notice } from "../../components/frame/notice";
import { dateText } from "../../components/moment";
import { Table } from "../../components/table";
import { Pages } from "../../page";
import { attempt, type Ctx, faultAt, formFieldsOf, type Html, seeOther, type Visit } from "../../visit";
import { knownOf, meantId } from "../../words/meant";
import { schoolWords } from "../../words/names";
import type { Words } from "../../words/sentences/sentence";
import { roleWord } from "../../words/values/roles";
import { evidenceOf } from "../evidence/path";
import { mapOf } from "../map/path";
import { RefusalNotice } from "../problem";
import { SegmentsNav } from "../segments/segments";
import { OnOff } from "../segments/switch";
import { coursePath } from "./courses";

/* The ways into a course by a key: its enrolment methods. */

type Method = AnswerTo<"GET /v1/courses/:id/enrolment-methods/:method">;

/** As it was sent, or of a method that is there. */
type Written = Readonly<Record<string, string>>;

const NAMES = ["key", "group", "role", "limit", "until"] as const;
const BLANK: Written = { role: "student", active: "true" };

/** The last day of a method, in the school's zone: it ends where the next begins. */
const lastDay = (endsAt: string, zone: string): string => localDate(Date.parse(endsAt) - 1, zone);

const writtenOf = (method: Method, zone: string): Written => ({
  key: method.key ?? "",
  group: method.group ?? "",
  role: method.role,
  limit: method.limit === null ? "" : String(method.limit),
  until: method.ends_at === null ? "" : lastDay(method.ends_at, zone),
  active: String(method.active),
});

/** What the form says, as the route takes it; `before`: how the method stood in the form. */
function askedIn(values: Written, before: Written | null, zone: string) {
  const { key = "", group = "", role = "", limit = "", until = "", active } = values;
  return {
    // Who may not see the key leaves it blank.
    ...(before && key === "" ? {} : { key }),
    group: group || null,
    role: role || "student",
    limit: limit === "" ? null : Number(limit),
    // A day left as it was leaves the hour, which the form does not show.
    ...(before?.until === until
      ? {}
      : { ends_at: isDate(until) ? formatInstant(endOfDay(until, zone)) : until || null }),
    active: active === "true",
  };
}

interface FormProps {
  visit: Visit;
  course: string;
  /** The one that is changed; null while it is new. */
  method: Method | null;
  values: Written;
  /** The groups that are known. */
  groups: readonly Word[];
  refused: Problem | null;
}

const MethodForm: FC<FormProps> = ({ visit, course, method, values, groups, refused }) => (
  <>
    <h2 class="part">{method ? say("Change the key") : say("New key")}</h2>
    <RefusalNotice problem={refused} />
    <Form action={coursePath(visit, course)} class="form">
      {method ? <input type="hidden" name="method" value={method.id} /> : null}
      <TextField
        name="key"
        label={say("Key")}
        required={method === null}
        value={values.key ?? ""}
        hint={
          method && method.key === null
            ? say("Leave it empty to keep it.")
            : say("What learners are given. Upper and lower case differ.")
        }
        fault={faultAt(refused, "/key")}
      />
      <PickField
        name="group"
        kind="group"
        label={say("Group")}
        optional
        known={groups}
        value={values.group ?? ""}
        fault={faultAt(refused, "/group")}
      />
      <TextField name="role" label={say("Role")} value={values.role ?? ""} fault={faultAt(refused, "/role")} />
      <TextField
        name="limit"
        label={say("How many may enrol")}
        type="number"
        optional
        value={values.limit ?? ""}
        fault={faultAt(refused, "/limit")}
      />
      <TextField
        name="until"
        label={say("Up to and with the day")}
        type="date"
        optional
        value={values.until ?? ""}
        fault={faultAt(refused, "/ends_at")}
      />
      <CheckField name="active" label={say("Switched on")} checked={values.active === "true"} />
      <button type="submit" class="button is-main">
        {method ? say("Save") : say("Add the key")}
      </button>
    </Form>
  </>
);

interface TableProps {
  visit: Visit;
  course: string;
  methods: readonly Method[];
  words: Words;
}

const MethodTable: FC<TableProps> = ({ visit, course, methods, words }) => (
  <Table
    caption={say("Keys")}
    rows={methods}
    keyOf={(one) => one.id}
    columns={[
      {
        head: say("Key"),
        names: true,
        cell: (one) => (one.key === null ? <span class="soft">{say("shown to owners")}</span> : <code>{one.key}</code>),
      },
      {
        head: say("As"),
        cell: (one) =>
          one.group
            ? say("{role}, in {group}", { role: roleWord(one.role), group: words.nameOf("group", one.group) })
            : roleWord(one.role),
      },
      {
        head: say("Enrolled by it"),
        cell: (one) =>
          one.limit === null ? figure(one.taken) : say("{taken} of {limit}", { taken: one.taken, limit: one.limit }),
      },
      {
        head: say("Up to"),
        cell: (one) => (one.ends_at === null ? say("no end") : dateText(Date.parse(one.ends_at) - 1, visit.timezone)),
      },
      { head: say("State"), cell: (one) => <OnOff on={one.active} /> },
      ...(visit.mayEdit
        ? [
            {
              head: say("Actions"),
              end: true,
              cell: (one: Method) => (
                <span class="inline is-end">
                  <a class="button is-small" href={`${coursePath(visit, course)}?change=${encodeURIComponent(one.id)}`}>
                    {say("Change")}
                    <span class="sr-only"> {one.key ?? one.id}</span>
                  </a>
                  <AskedButton
                    small
                    ask={say("Delete…")}
                    of={one.key ?? ""}
                    follows={
                      one.taken === 0
                        ? say("Nobody can enrol with it any more; nobody did yet.")
                        : many(
                            one.taken,
                            "Nobody can enrol with it any more. The {n} learner who did stays enrolled.",
                            "Nobody can enrol with it any more. The {n} learners who did stay enrolled.",
                          )
                    }
                    action={`${coursePath(visit, course)}/delete`}
                    fields={{ method: one.id }}
                  >
                    {say("Delete the key")}
                  </AskedButton>
                </span>
              ),
            },
          ]
        : []),
    ]}
  />
);

interface PageProps {
  change?: string;
  refused?: Problem;
  /** As they were sent. */
  values?: Written;
}

async function coursePage(c: Ctx, course: string, { change, refused, values }: PageProps = {}): Promise<Html> {
  const visit = c.var.visit;
  const methods = await visit.api.all("GET /v1/courses/:id/enrolment-methods", { params: { id: course } });
  const method = methods.find((one) => one.id === change) ?? null;
  const [words, groups] = await Promise.all([
    schoolWords(c.env, visit.school.id, course, methods),
    knownOf(c, "group"),
  ]);
  const title = say("Keys of {course}", { course: words.nameOf("course", course) });
  const shown = values ?? (method ? writtenOf(method, visit.timezone) : BLANK);
  return (
    <Layout title={title} viewer={visit.viewer} section="segments">
      <PageHead title={title}>
        <a class="button" href={hrefWith(visit.path("/learners"), { course })}>
          {say("Who is in it")}
        </a>
        <a class="button" href={mapOf(visit, { kind: "course", id: course })}>
          {say("What touches this")}
        </a>
        {visit.mayOwn ? (
          <a class="button" href={evidenceOf(visit, { kind: "course", id: course })}>
            {say("Evidence")}
          </a>
        ) : null}
      </PageHead>
      <SegmentsNav visit={visit} here="/courses" />
      <Notice c={c} />
      {methods.length === 0 ? (
        <EmptyState title={say("No keys yet")}>
          <p>
            {say("Learners who are given a key of this course can enrol in it, on the LMS's page that asks for it.")}
          </p>
        </EmptyState>
      ) : (
        <MethodTable visit={visit} course={course} methods={methods} words={words} />
      )}
      {visit.mayEdit ? (
        <MethodForm
          visit={visit}
          course={course}
          method={method}
          values={shown}
          groups={groups}
          refused={refused ?? null}
        />
      ) : null}
    </Layout>
  );
}

export const coursePages = new Pages();

coursePages.get("/courses/:id", "viewer", async (c) =>
  c.html(await coursePage(c, c.req.param("id"), { change: c.req.query("change") ?? "" })),
);

coursePages.post("/courses/:id", "editor", async (c) => {
  const { api, timezone } = c.var.visit;
  const params = c.req.param();
  const fields = await formFieldsOf(c);
  const change = fields.text("method");
  const values: Written = {
    ...Object.fromEntries(NAMES.map((name) => [name, fields.text(name)])),
    group: await meantId(c, "group", fields.text("group")),
    active: String(fields.has("active")),
  };
  const { refused } = await attempt(async () => {
    if (change === "") {
      const body = askedIn(values, null, timezone);
      return api.call("POST /v1/courses/:id/enrolment-methods", { params, body });
    }
    const one = { ...params, method: change };
    const before = await api.call("GET /v1/courses/:id/enrolment-methods/:method", { params: one });
    const body = askedIn(values, writtenOf(before, timezone), timezone);
    return api.call("PATCH /v1/courses/:id/enrolment-methods/:method", { params: one, body });
  });
  return refused
    ? c.html(await coursePage(c, params.id, { change, refused, values }), refused.status)
    : seeOther(c, coursePath(c.var.visit, params.id), { done: change === "" ? "added" : "saved" });
});

coursePages.post("/courses/:id/delete", "editor", async (c) => {
  const params = { ...c.req.param(), method: (await formFieldsOf(c)).text("method") };
  await c.var.visit.api.call("DELETE /v1/courses/:id/enrolment-methods/:method", { params });
  return seeOther(c, coursePath(c.var.visit, params.id), { done: "removed" });
});
