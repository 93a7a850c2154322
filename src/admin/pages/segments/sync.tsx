import type { FC } from "hono/jsx";
import type { Problem } from "../../../base/errors/errors";
import type { AnswerTo } from "../../../http/answering/answers";
import { later, many, say, weave } from "../../../language/say";
import { circlesBySync } from "../../../segments/syncs/circles";
import { Form, TextField } from "../../components/forms/form";
import { HeldBanner, lookingAt } from "../../components/frame/held";
import { Layout, PageHead } from "../../components/frame/layout";
import { Notice } from "../../components/frame/notice";
import { Pages } from "../../page";
import { afterWrite, attempt, type Ctx, faultAt, formFieldsOf, type Html, type Visit } from "../../visit";
import { knownOf } from "../../words/meant";
import { schoolWords } from "../../words/names";
import type { Words } from "../../words/sentences/sentence";
import { roleWord } from "../../words/values/roles";
import { RefusalNotice } from "../problem";
import { Rings } from "./rings";
import { SegmentsNav, segmentPath } from "./segments";
import { OnOff, SwitchButton } from "./switch";
import { givenIn, SyncFields, writtenIn } from "./sync-fields";
import { syncPath } from "./syncs";

/* One sync: what it does, and how to have it do something else. */

type Sync = AnswerTo<"GET /v1/segment-syncs/:id">;

/** Whom a change would move, as the route answers a dry run. */
type Figures = Extract<AnswerTo<"PATCH /v1/segment-syncs/:id">, { would_enrol: unknown }>;

/** What a change would do, in words. */
function figuresText(figures: Figures): string {
  const parts = (
    [
      [figures.would_enrol, later("{n} learner would be enrolled"), later("{n} learners would be enrolled")],
      [figures.would_unenrol, later("{n} learner would be un-enrolled"), later("{n} learners would be un-enrolled")],
      [
        figures.would_change_role,
        later("{n} learner would be given the other role"),
        later("{n} learners would be given the other role"),
      ],
      [
        figures.would_join_group,
        later("{n} learner would be put into a group"),
        later("{n} learners would be put into a group"),
      ],
      [
        figures.would_leave_group,
        later("{n} learner would be taken out of one"),
        later("{n} learners would be taken out of one"),
      ],
    ] as const
  ).flatMap(([count, one, several]) => (count > 0 ? [many(count, one, several)] : []));
  if (parts.length === 0) return say("Nobody would be moved.");
  const changes = parts.join(", ");
  return figures.estimated ? say("About: {changes}.", { changes }) : `${changes}.`;
}

const Says: FC<{ sync: Sync; segment: string; words: Words; visit: Visit }> = ({ sync, segment, words, visit }) => {
  const role = roleWord(sync.role);
  const group = sync.group === null ? null : words.nameOf("group", sync.group);
  const members = <a href={segmentPath(visit, sync.segment)}>{segment}</a>;
  const course = <b>{words.nameOf("course", sync.course)}</b>;
  return sync.enrol ? (
    <p class="lead">
      {group === null
        ? weave("Whoever is in {members} is enrolled in {course} as {role}.", { members, course, role })
        : weave("Whoever is in {members} is enrolled in {course} as {role}, in the group {group}.", {
            members,
            course,
            role,
            group,
          })}{" "}
      {sync.on_leave === "suspend"
        ? say("When somebody leaves, their enrolment is suspended.")
        : say("When somebody leaves, they are un-enrolled; progress is kept for a return.")}
    </p>
  ) : (
    <p class="lead">
      {weave("Whoever is in {members} and in {course} by another way is put into the group{group}. It enrols nobody.", {
        members,
        course,
        group: <b>{group}</b>,
      })}
    </p>
  );
};

interface PageProps {
  refused?: Problem | null;
  /** As they were sent. */
  values?: Readonly<Record<string, string>>;
  figures?: Figures | null;
}

async function syncPage(c: Ctx, id: string, { refused = null, values, figures = null }: PageProps = {}): Promise<Html> {
  const sync = await c.var.visit.api.call("GET /v1/segment-syncs/:id", { params: { id } });
  const visit = lookingAt(c.var.visit, sync);
  const segment = await visit.api.find("GET /v1/segments/:id", { params: { id: sync.segment } });
  const words = await schoolWords(c.env, visit.school.id, sync);
  const groups = await knownOf(c, "group");
  const rings = await circlesBySync(c.env, visit.school.id, {
    ...sync,
    enrol: values ? values.enrol === "true" : sync.enrol,
  });
  const { name, role, group, on_leave, enrol } = sync;
  const shown = values ?? { name, role, group: group ?? "", on_leave, enrol: String(enrol) };
  return (
    <Layout title={sync.name} viewer={visit.viewer} section="segments">
      <PageHead title={sync.name}>
        <OnOff on={sync.active} />
      </PageHead>
      <SegmentsNav visit={visit} here="/syncs" />
      <Notice c={c} />
      <HeldBanner visit={c.var.visit} kind="segment_sync" id={id} thing={sync} />
      <Says sync={sync} segment={segment?.name ?? sync.segment} words={words} visit={visit} />
      <Rings rings={rings} />
      {sync.active ? null : (
        <p class="soft">
          {say("While it is off it enrols nobody; what it gave stays, and leaving the segment still ends it.")}
        </p>
      )}
      {visit.mayEdit ? (
        <>
          <h2 class="part">{say("Change it")}</h2>
          <RefusalNotice problem={refused} />
          <Form action={syncPath(visit, id)} class="form">
            <TextField
              name="name"
              label={say("Name")}
              required
              value={shown.name ?? ""}
              fault={faultAt(refused, "/name")}
            />
            <SyncFields values={shown} refused={refused} groups={groups} />
            <p class="hint">
              {say("Its members follow the change. For another segment or course, make another sync.")}
            </p>
            {figures ? <p role="status">{figuresText(figures)}</p> : null}
            <span class="inline">
              <button type="submit" class="button" name="do" value="preview">
                {say("Preview the change")}
              </button>
              <button type="submit" class="button is-main" name="do" value="save">
                {say("Save")}
              </button>
            </span>
          </Form>
          <span class="inline after">
            <SwitchButton
              path={syncPath(visit, sync.id)}
              active={sync.active}
              off={say("Switch off: it enrols nobody from then on")}
            />
            <a class="button is-danger" href={`${syncPath(visit, sync.id)}/delete`}>
              {say("Delete…")}
            </a>
          </span>
        </>
      ) : null}
    </Layout>
  );
}

export const syncPages = new Pages();

syncPages.get("/syncs/:id", "viewer", async (c) => c.html(await syncPage(c, c.req.param("id"))));

syncPages.post("/syncs/:id", "editor", async (c) => {
  const fields = await formFieldsOf(c);
  const params = c.req.param();
  const values: Readonly<Record<string, string>> = { ...(await writtenIn(c, fields)), name: fields.text("name") };
  const asks = fields.text("do") === "preview";
  const { value, refused } = await attempt(() =>
    c.var.visit.api.call("PATCH /v1/segment-syncs/:id", {
      params,
      query: { dry_run: asks },
      body: { name: values.name ?? "", ...givenIn(values) },
    }),
  );
  if (refused) return c.html(await syncPage(c, params.id, { refused, values }), refused.status);
  if ("would_enrol" in value) return c.html(await syncPage(c, params.id, { values, figures: value }));
  return afterWrite(c, value, syncPath(c.var.visit, params.id));
});

syncPages.post("/syncs/:id/active", "editor", async (c) => {
  const active = (await formFieldsOf(c)).text("active") === "true";
  const params = c.req.param();
  const written = await c.var.visit.api.call("PATCH /v1/segment-syncs/:id", { params, body: { active } });
  return afterWrite(c, written, syncPath(c.var.visit, params.id));
});
