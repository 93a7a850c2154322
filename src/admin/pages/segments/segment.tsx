import type { FC } from "hono/jsx";
import { type GiverNames, giverNames } from "../../../automations/givers";
import type { AnswerTo, RowOf } from "../../../http/answering/answers";
import { many, say } from "../../../language/say";
import { memberCount } from "../../../segments/members";
import { circlesThrough, type Warned } from "../../../segments/syncs/circles";
import type { Page } from "../../client";
import { Badge, Banner, EmptyState } from "../../components/bits";
import { ActionButton, Form } from "../../components/forms/form";
import { oneLearner } from "../../components/forms/learner-filter";
import { HELD_SHOWN, HeldBanner, HeldList, type HeldRow, heldRows, lookingAt } from "../../components/frame/held";
import { Layout, PageHead } from "../../components/frame/layout";
import { Notice } from "../../components/frame/notice";
import { GivenBy } from "../../components/giver";
import { Pager, Table } from "../../components/table";
import { Pages } from "../../page";
import { afterWrite, type Ctx, formFieldsOf, seeOther, type Visit } from "../../visit";
import { schoolWords } from "../../words/names";
import type { Words } from "../../words/sentences/sentence";
import { roleWord } from "../../words/values/roles";
import { evidenceOf } from "../evidence/path";
import { mapOf } from "../map/path";
import { ManyMembers } from "./many-members";
import { Rings } from "./rings";
import { previewIn, previewText, type RulePreview, RuleWords, ruleText } from "./rule-words";
import { SegmentsNav, segmentPath } from "./segments";

type Learner = RowOf<"GET /v1/segments/:id/members">;
type ProfileField = AnswerTo<"GET /v1/profile-fields/:key">;
type Rule = AnswerTo<"GET /v1/segment-rules/:id">;
type Segment = AnswerTo<"GET /v1/segments/:id">;
type Sync = AnswerTo<"GET /v1/segment-syncs/:id">;

interface SegmentProps {
  c: Ctx;
  visit: Visit;
  segment: Segment;
  rules: readonly Rule[];
  fields: readonly ProfileField[];
  syncs: readonly Sync[];
  words: Words;
  members: Page<Learner>;
  count: number;
  preview: RulePreview | null;
  rings: Warned;
  /** Of who put its members there. */
  names: GiverNames;
  /** Rules that are held. */
  held: readonly HeldRow[];
}

const Members: FC<SegmentProps> = ({ c, visit, segment, members, words, names }) => (
  <>
    {visit.mayEdit && !segment.managed ? (
      <Form action={`${segmentPath(visit, segment.id)}/members`} class="filters">
        <label class="filter">
          <span>{say("Learner: name, email or id")}</span>
          <input name="user" required autocomplete="off" />
        </label>
        <button type="submit" class="button">
          {say("Add to segment")}
        </button>
      </Form>
    ) : null}
    {visit.mayEdit && !segment.managed ? <ManyMembers visit={visit} segment={segment} /> : null}
    {members.data.length === 0 ? (
      <EmptyState title={say("Nobody is in it")}>
        <p>
          {segment.managed
            ? say("Whoever meets one of its rules is a member. Add a rule, or look at what the rules compare.")
            : say("Put learners in by hand above, or import them.")}
        </p>
      </EmptyState>
    ) : (
      <>
        <Table
          caption={say("Members")}
          rows={members.data}
          keyOf={(one) => one.id}
          columns={[
            {
              head: say("Learner"),
              names: true,
              cell: (one) => (
                <a href={visit.path(`/learners/${encodeURIComponent(one.id)}`)}>
                  {one.username || one.email || one.id}
                </a>
              ),
            },
            { head: say("Id"), cell: (one) => one.id },
            { head: say("Email"), cell: (one) => one.email ?? "" },
            {
              head: say("Put there"),
              cell: (one) => <GivenBy givers={one.given?.segment ?? []} user={one.id} of={{ visit, words, names }} />,
            },
            ...(visit.mayEdit && !segment.managed
              ? [
                  {
                    head: say("Actions"),
                    end: true,
                    cell: (one: Learner) => (
                      <ActionButton
                        small
                        action={`${segmentPath(visit, segment.id)}/members/remove`}
                        fields={{ user: one.id }}
                      >
                        {say("Remove")}
                        <span class="sr-only"> {one.username || one.id}</span>
                      </ActionButton>
                    ),
                  },
                ]
              : []),
          ]}
        />
        <Pager page={members} at={segmentPath(visit, segment.id)} c={c} />
      </>
    )}
  </>
);

const Keeping: FC<SegmentProps> = ({ visit, segment, preview }) =>
  visit.mayEdit ? (
    <>
      <h2 class="part">{say("How it is kept")}</h2>
      {preview ? (
        <Form action={`${segmentPath(visit, segment.id)}/managed`} class="inline">
          <span>
            {segment.managed ? say("Its members stay, and are kept by hand from then on.") : previewText(preview)}
          </span>
          <button type="submit" class="button is-main" name="managed" value={segment.managed ? "false" : "true"}>
            {segment.managed ? say("Keep it by hand") : say("Keep it by its rules")}
          </button>
        </Form>
      ) : (
        <p>
          {segment.managed ? say("By its rules.") : say("By hand; its rules wait.")}{" "}
          <a href={`${segmentPath(visit, segment.id)}?managed=ask`}>
            {segment.managed ? say("Keep it by hand…") : say("Keep it by its rules…")}
          </a>
        </p>
      )}
      <h2 class="part">{say("Delete")}</h2>
      <a class="button is-danger" href={`${segmentPath(visit, segment.id)}/delete`}>
        {say("Delete the segment and its rules…")}
      </a>
    </>
  ) : null;

const SegmentPage: FC<SegmentProps> = (props) => {
  const { c, visit, segment, rules, fields, syncs, count, words, rings, held } = props;
  return (
    <Layout title={segment.name} viewer={visit.viewer} section="segments">
      <PageHead title={segment.name}>
        {segment.managed ? <Badge tone="accent">{say("by rules")}</Badge> : <Badge>{say("by hand")}</Badge>}
        <span class="soft">{many(count, "{n} member", "{n} members")}</span>
        <a class="button" href={mapOf(visit, { kind: "segment", id: segment.id })}>
          {say("What touches this")}
        </a>
        {visit.mayOwn ? (
          <a class="button" href={evidenceOf(visit, { kind: "segment", id: segment.id })}>
            {say("Evidence")}
          </a>
        ) : null}
      </PageHead>
      <SegmentsNav visit={visit} here="/segments" />
      <Notice c={c} />
      <HeldBanner visit={c.var.visit} kind="segment" id={segment.id} thing={segment} />
      <Rings rings={rings} />
      <h2 class="part">{say("Rules")}</h2>
      {rules.length === 0 ? (
        <EmptyState title={say("No rules")}>
          <p>
            {say("A rule says who belongs: “department is Sales”. Several rules add up: who meets any of them is in.")}
            {segment.managed
              ? ""
              : ` ${say("This segment is kept by hand; rules would wait until you have it kept by them.")}`}
          </p>
        </EmptyState>
      ) : (
        <>
          {segment.managed ? null : (
            <Banner tone="warning">{say("These rules wait: the segment is kept by hand.")}</Banner>
          )}
          <ul class="stack">
            {rules.map((rule) => (
              <li class="panel-box">
                <RuleWords rule={rule} fields={fields} words={words} />
                {visit.mayEdit ? (
                  <span class="inline">
                    <a class="button is-small" href={visit.path(`/rules/${encodeURIComponent(rule.id)}`)}>
                      {say("Change")}
                    </a>
                    <a
                      class="button is-small is-danger"
                      href={visit.path(`/rules/${encodeURIComponent(rule.id)}/delete`)}
                    >
                      {say("Delete…")}
                    </a>
                  </span>
                ) : null}
              </li>
            ))}
          </ul>
        </>
      )}
      <HeldList visit={visit} kind="segment_rule" rows={held} />
      {visit.mayEdit ? (
        <p class="after">
          <a class="button is-main" href={`${segmentPath(visit, segment.id)}/rules/new`}>
            {say("Add a rule")}
          </a>
        </p>
      ) : null}
      <h2 class="part">{say("Courses it is synced with")}</h2>
      {syncs.length === 0 ? (
        <p class="soft">
          {say("None. A sync enrols the members in a course, and un-enrols whoever leaves.")}{" "}
          {visit.mayEdit ? (
            <a href={visit.path(`/syncs?segment=${encodeURIComponent(segment.id)}`)}>{say("Create one")}</a>
          ) : null}
        </p>
      ) : (
        <ul class="plain">
          {syncs.map((sync) => (
            <li>
              <a href={visit.path(`/syncs/${encodeURIComponent(sync.id)}`)}>{sync.name}</a>:{" "}
              {say("{course} as {role}", { course: words.nameOf("course", sync.course), role: roleWord(sync.role) })}{" "}
              {sync.active ? null : <Badge>{say("off")}</Badge>}
            </li>
          ))}
        </ul>
      )}
      <h2 class="part">{say("Members")}</h2>
      <Members {...props} />
      <Keeping {...props} />
    </Layout>
  );
};

export const segmentPages = new Pages();

segmentPages.get("/segments/:id", "viewer", async (c) => {
  const { api } = c.var.visit;
  const segment = await api.call("GET /v1/segments/:id", { params: c.req.param() });
  const visit = lookingAt(c.var.visit, segment);
  const asks = c.req.query("managed") === "ask";
  const [rules, deleted, fields, syncs, members, count, preview] = await Promise.all([
    api.all("GET /v1/segment-rules", { query: { segment: segment.id } }),
    api.all("GET /v1/segment-rules", { query: { segment: segment.id, deleted: true } }, HELD_SHOWN),
    api.all("GET /v1/profile-fields"),
    api.all("GET /v1/segment-syncs", { query: { segment: segment.id } }),
    api.call("GET /v1/segments/:id/members", {
      params: c.req.param(),
      query: { cursor: c.req.query("cursor"), limit: 50 },
    }),
    memberCount(c.env, visit.school.id, segment.id),
    asks && visit.mayEdit
      ? api
          .call("PATCH /v1/segments/:id", {
            params: c.req.param(),
            query: { dry_run: true },
            body: { managed: !segment.managed },
          })
          .then(previewIn)
      : null,
  ]);
  const given = members.data.flatMap((one) => one.given?.segment ?? []);
  const [words, names, rings] = await Promise.all([
    schoolWords(c.env, visit.school.id, syncs, rules, given),
    giverNames(c.env, visit.school.id, given),
    circlesThrough(c.env, visit.school.id, segment.id),
  ]);
  // Of a segment that is held its rules come and go with it.
  const held = segment.delete_at
    ? []
    : heldRows(deleted, (one) => ({ id: one.id, name: ruleText(one, fields, words) }));
  return c.html(
    <SegmentPage
      {...{ c, visit, segment, rules, fields, syncs, members, count, preview, words, names, rings, held }}
    />,
  );
});

segmentPages.post("/segments/:id/members", "editor", async (c) => {
  const user = await oneLearner(c.var.visit, (await formFieldsOf(c)).text("user"));
  await c.var.visit.api.call("PUT /v1/segments/:id/members/:user", { params: { ...c.req.param(), user } });
  return seeOther(c, segmentPath(c.var.visit, c.req.param("id")), { done: "added" });
});

segmentPages.post("/segments/:id/members/remove", "editor", async (c) => {
  const user = (await formFieldsOf(c)).text("user");
  await c.var.visit.api.call("DELETE /v1/segments/:id/members/:user", { params: { ...c.req.param(), user } });
  return seeOther(c, segmentPath(c.var.visit, c.req.param("id")), { done: "removed" });
});

segmentPages.post("/segments/:id/managed", "editor", async (c) => {
  const managed = (await formFieldsOf(c)).text("managed") === "true";
  const written = await c.var.visit.api.call("PATCH /v1/segments/:id", { params: c.req.param(), body: { managed } });
  return afterWrite(c, written, segmentPath(c.var.visit, c.req.param("id")));
});
