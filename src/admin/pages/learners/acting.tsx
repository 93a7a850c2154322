import type { Child, FC } from "hono/jsx";
import { type Word, wordsLike } from "../../../automations/finding/pickers";
import type { Problem } from "../../../base/errors/errors";
import { COURSE_ENROLLED, COURSE_UNENROLLED } from "../../../catalogue/enrolment/change";
import { GROUP_JOINED, GROUP_LEFT } from "../../../catalogue/groups/change";
import { TAG_ADDED, TAG_REMOVED } from "../../../catalogue/tags/change";
import type { AnswerTo } from "../../../http/answering/answers";
import { many, say } from "../../../language/say";
import { ActionButton, AskedButton, Form } from "../../components/forms/form";
import { ChooseField } from "../../components/forms/pick";
import { Pages } from "../../page";
import { attempt, type Ctx, formFieldsOf, seeOther, type Visit } from "../../visit";
import { knownOf, meantId } from "../../words/meant";
import { schoolWords } from "../../words/names";
import type { Words } from "../../words/sentences/sentence";
import { RefusalNotice } from "../problem";
import { called, LearnerPage, learnerOf, learnerPath, onlyLooking } from "./learner-frame";

/* What somebody of the school does to a learner by hand. */

type Learner = AnswerTo<"GET /v1/users/:id">;

/** So many runs are ended at once; where there are more, one presses again. */
const ENDED_AT_ONCE = 50;
const LIVE = ["waiting", "queued", "held", "running"] as const;

interface Offer {
  value: string;
  label?: string;
}

interface Deed {
  /** What is done, as an event. */
  type: string;
  /** The name of the data that says what it is about. */
  about: string;
}

/** By what forms say. A name that is not here is none of ours. */
const DEEDS: Readonly<Record<string, Deed>> = {
  tag: { type: TAG_ADDED, about: "tag" },
  untag: { type: TAG_REMOVED, about: "tag" },
  enrol: { type: COURSE_ENROLLED, about: "course" },
  unenrol: { type: COURSE_UNENROLLED, about: "course" },
  join: { type: GROUP_JOINED, about: "group" },
  leave: { type: GROUP_LEFT, about: "group" },
};

/** What is held, each with a way to take it away, and what may be given. */
const Held: FC<{
  title: string;
  none: string;
  held: readonly { id: string; name: string }[];
  gives: string;
  takes: string;
  label: string;
  button: string;
  offers: readonly Offer[];
  action: string;
}> = ({ title, none, held, gives, takes, label, button, offers, action }) => (
  <section>
    <h2 class="part">{title}</h2>
    {held.length === 0 ? <p class="soft">{none}</p> : null}
    <ul class="plain">
      {held.map(({ id, name }) => (
        <li class="inline">
          <span>{name}</span>
          <ActionButton action={action} small fields={{ deed: takes, value: id }}>
            {say("Remove")}
            <span class="sr-only"> {name}</span>
          </ActionButton>
        </li>
      ))}
    </ul>
    <Form action={action} class="inline after">
      <input type="hidden" name="deed" value={gives} />
      <label>
        <span class="sr-only">{label}</span>
        <input name="value" list={`offers-${gives}`} required maxlength={128} placeholder={label} />
      </label>
      <datalist id={`offers-${gives}`}>
        {offers.map((one) => (
          <option value={one.value}>{one.label}</option>
        ))}
      </datalist>
      <button type="submit" class="button">
        {button}
      </button>
    </Form>
  </section>
);

const Starting: FC<{ automations: readonly Word[]; action: string; children?: Child }> = ({
  automations,
  action,
  children,
}) => (
  <section>
    <h2 class="part">{say("Automations")}</h2>
    {automations.length === 0 ? (
      <p class="soft">{say("None is switched on.")}</p>
    ) : (
      <Form action={`${action}/start`} class="inline">
        <ChooseField
          kind="active_automation"
          name="automation"
          label={say("Automation")}
          required
          known={automations}
          value=""
        />
        <button type="submit" class="button">
          {say("Start")}
        </button>
      </Form>
    )}
    <div class="after">{children}</div>
  </section>
);

interface ActsProps {
  learner: Learner;
  words: Words;
  offers: Readonly<Record<"tag" | "course" | "group", readonly Offer[]>>;
  action: string;
}

const Acts: FC<ActsProps> = ({ learner, words, offers, action }) => {
  const courses = learner.enrolments.filter((one) => one.product_type === "course");
  return (
    <>
      <Held
        {...{
          title: say("Tags"),
          none: say("No tag."),
          gives: "tag",
          takes: "untag",
          label: say("Tag"),
          button: say("Add tag"),
        }}
        held={learner.tags.map((tag) => ({ id: tag, name: tag }))}
        offers={offers.tag}
        action={action}
      />
      <Held
        {...{ title: say("Courses"), none: say("In no course."), gives: "enrol", takes: "unenrol" }}
        {...{ label: say("Course"), button: say("Enrol") }}
        held={courses.map(({ product }) => ({ id: product, name: words.nameOf("course", product) }))}
        offers={offers.course}
        action={action}
      />
      <Held
        {...{
          title: say("Groups"),
          none: say("In no group."),
          gives: "join",
          takes: "leave",
          label: say("Group"),
          button: say("Add to group"),
        }}
        held={learner.groups.map((group) => ({ id: group, name: words.nameOf("group", group) }))}
        offers={offers.group}
        action={action}
      />
    </>
  );
};

const Writing: FC<{ learner: Learner; at: string }> = ({ learner, at }) => (
  <section>
    <h2 class="part">{say("Mail")}</h2>
    {learner.email === null ? (
      <p class="soft">{say("{name} has no email address.", { name: called(learner) })}</p>
    ) : (
      <a class="button" href={at}>
        {say("Write a mail…")}
      </a>
    )}
  </section>
);

export const actingPages = new Pages();

const liveRuns = async (visit: Visit, user: string): Promise<AnswerTo<"GET /v1/runs/:id">[]> => {
  const pages = await Promise.all(
    LIVE.map((status) => visit.api.call("GET /v1/runs", { query: { user, status, limit: ENDED_AT_ONCE } })),
  );
  return pages.flatMap(({ data }) => data).slice(0, ENDED_AT_ONCE);
};

async function page(c: Ctx, refused: Problem | null) {
  const { visit } = c.var;
  const learner = await learnerOf(c);
  const like = (kind: string) => wordsLike(c.env, visit.school, kind, "");
  const [words, tag, course, group, active, runs] = await Promise.all([
    schoolWords(c.env, visit.school.id, learner),
    like("tag"),
    like("course"),
    like("group"),
    knownOf(c, "active_automation"),
    liveRuns(visit, learner.id),
  ]);
  const action = `${learnerPath(visit, learner.id)}/act`;
  return c.html(
    <LearnerPage c={c} visit={visit} learner={learner} tab="/act">
      <RefusalNotice problem={refused} />
      <p class="soft">
        {say(
          "What is done here happens at once, starts automations as if it had happened in the school, and the LMS is told.",
        )}
      </p>
      <div class="columns">
        <Acts learner={learner} words={words} offers={{ tag, course, group }} action={action} />
        <Starting automations={active} action={action}>
          {runs.length === 0 ? (
            <p class="soft">{say("No execution is under way.")}</p>
          ) : (
            <AskedButton
              ask={many(runs.length, "End the execution under way…", "End {n} executions under way…")}
              follows={say("Nothing more of them happens to this learner, and they cannot go on later.")}
              action={`${action}/end`}
            >
              {many(runs.length, "End it", "End all {n}")}
            </AskedButton>
          )}
        </Starting>
        <Writing learner={learner} at={`${learnerPath(visit, learner.id)}/write`} />
      </div>
    </LearnerPage>,
    refused ? 422 : 200,
  );
}

actingPages.get("/learners/:id/act", "viewer", (c) => {
  // Spelled otherwise this is the address of a profile, which viewers may look for: so they are let in, and told.
  if (!c.var.visit.mayEdit) return onlyLooking(c);
  return page(c, null);
});

/** Does something, and comes back to say so, or why it was not done. */
async function act(c: Ctx, done: string, deed: () => Promise<unknown>) {
  const { refused } = await attempt(deed);
  if (refused) return page(c, refused);
  return seeOther(c, `${learnerPath(c.var.visit, c.req.param("id") ?? "")}/act`, { done });
}

actingPages.post("/learners/:id/act", "editor", async (c) => {
  const fields = await formFieldsOf(c);
  const name = fields.text("deed");
  const deed = Object.hasOwn(DEEDS, name) ? DEEDS[name] : undefined;
  if (!deed) return page(c, null);
  const body = { type: deed.type, data: { [deed.about]: fields.text("value") } };
  return act(c, "acted", () => c.var.visit.api.call("POST /v1/users/:id/events", { params: c.req.param(), body }));
});

actingPages.post("/learners/:id/act/start", "editor", async (c) => {
  const { api } = c.var.visit;
  const id = await meantId(c, "active_automation", (await formFieldsOf(c)).text("automation"));
  const learner = await learnerOf(c);
  const begun = await attempt(() =>
    api.call("POST /v1/automations/:id/enrol", { params: { id }, body: { users: [learner.id] } }),
  );
  if (begun.refused) return page(c, begun.refused);
  const path = `${learnerPath(c.var.visit, learner.id)}/act`;
  return seeOther(c, path, { done: begun.value.count === 0 ? "kept_out" : "begun" });
});

actingPages.post("/learners/:id/act/end", "editor", async (c) => {
  const { visit } = c.var;
  const learner = await learnerOf(c);
  return act(c, "ended", async () => {
    for (const { id } of await liveRuns(visit, learner.id)) {
      const { refused } = await attempt(() => visit.api.call("POST /v1/runs/:id/cancel", { params: { id } }));
      // What has ended by itself meanwhile need not be.
      if (refused && refused.kind !== "conflict" && refused.kind !== "not_found") throw refused;
    }
  });
});
