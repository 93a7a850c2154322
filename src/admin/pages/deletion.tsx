import type { FC } from "hono/jsx";
import type { Problem } from "../../base/errors";
import type { HeldKind } from "../../held/hold";
import type { AnswerTo } from "../../http/answers";
import { say } from "../../language/say";
import { Form } from "../components/form";
import { PLACES, placeOf } from "../components/held";
import { Layout, PageHead } from "../components/layout";
import { Pages } from "../page";
import { attempt, type Ctx, type Html, seeOther, type Visit } from "../visit";
import { RefusalNotice } from "./problem";

/* Deletes of definitions: what will follow is said in figures first, and for an hour there is a way back. */

const HOLD = "PT1H";

type Figures = Exclude<AnswerTo<"DELETE /v1/segments/:id">, null>;

/** A definition that is to be deleted, as its kind tells of it. */
interface Thing {
  /** Behind "Delete". */
  called: string;
  /** The list it stands in. */
  list: string;
  section: "automations" | "segments" | "settings";
}

const quoted = (name: string): string => `“${name}”`;
const params = (id: string) => ({ params: { id } });

const THINGS: Readonly<Record<HeldKind, (visit: Visit, id: string) => Promise<Thing>>> = {
  automation: async ({ api, path }, id) => ({
    called: quoted((await api.call("GET /v1/automations/:id", params(id))).name),
    list: path("/automations"),
    section: "automations",
  }),
  segment: async ({ api, path }, id) => ({
    called: `the segment ${quoted((await api.call("GET /v1/segments/:id", params(id))).name)}`,
    list: path("/segments"),
    section: "segments",
  }),
  segment_rule: async ({ api, path }, id) => {
    const { segment: of } = await api.call("GET /v1/segment-rules/:id", params(id));
    const segment = await api.find("GET /v1/segments/:id", params(of));
    return {
      called: `a rule of ${quoted(segment?.name ?? of)}`,
      list: path(`/segments/${encodeURIComponent(of)}`),
      section: "segments",
    };
  },
  segment_sync: async ({ api, path }, id) => ({
    called: `the sync ${quoted((await api.call("GET /v1/segment-syncs/:id", params(id))).name)}`,
    list: path("/syncs"),
    section: "segments",
  }),
  auto_group: async ({ api, path }, id) => ({
    called: `the auto group of ${quoted((await api.call("GET /v1/auto-groups/:id", params(id))).course)}`,
    list: path("/auto-groups"),
    section: "segments",
  }),
  profile_field: async ({ api, path }, key) => ({
    called: `the field ${quoted((await api.call("GET /v1/profile-fields/:key", { params: { key } })).name)}`,
    list: path("/settings/fields"),
    section: "settings",
  }),
};

interface Wanted {
  hold?: string;
  dry_run?: true;
}

const DELETES: Readonly<Record<HeldKind, (visit: Visit, id: string, query: Wanted) => Promise<unknown>>> = {
  automation: ({ api }, id, query) => api.call("DELETE /v1/automations/:id", { ...params(id), query }),
  segment: ({ api }, id, query) => api.call("DELETE /v1/segments/:id", { ...params(id), query }),
  segment_rule: ({ api }, id, query) => api.call("DELETE /v1/segment-rules/:id", { ...params(id), query }),
  segment_sync: ({ api }, id, query) => api.call("DELETE /v1/segment-syncs/:id", { ...params(id), query }),
  auto_group: ({ api }, id, query) => api.call("DELETE /v1/auto-groups/:id", { ...params(id), query }),
  profile_field: ({ api }, key, query) => api.call("DELETE /v1/profile-fields/:key", { params: { key }, query }),
};

const RESTORES: Readonly<Record<HeldKind, (visit: Visit, id: string) => Promise<unknown>>> = {
  automation: ({ api }, id) => api.call("POST /v1/automations/:id/restore", params(id)),
  segment: ({ api }, id) => api.call("POST /v1/segments/:id/restore", params(id)),
  segment_rule: ({ api }, id) => api.call("POST /v1/segment-rules/:id/restore", params(id)),
  segment_sync: ({ api }, id) => api.call("POST /v1/segment-syncs/:id/restore", params(id)),
  auto_group: ({ api }, id) => api.call("POST /v1/auto-groups/:id/restore", params(id)),
  profile_field: ({ api }, key) => api.call("POST /v1/profile-fields/:key/restore", { params: { key } }),
};

/** Those with a page of their own: what is had back is shown there. */
const HAVE_PAGES: ReadonlySet<HeldKind> = new Set(["automation", "segment", "segment_sync"]);

// ---- What will follow ----

type Count = Figures["at_least"][number];

/** "12 learners": "about" where it was projected, "at least" where counting ended. */
function counted(figures: Figures, what: Count, one: string, many: string): string {
  const n = figures[what];
  const about = figures.at_least.includes(what) ? "at least " : figures.estimated ? "about " : "";
  return `${about}${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

const learners = (figures: Figures): string => counted(figures, "users", "learner", "learners");
const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What is taken back of what members have by it alone. */
function takenText(figures: Figures): string {
  const parts = [
    ...(figures.enrolments
      ? [`${counted(figures, "enrolments", "enrolment in a course ends", "enrolments in courses end")}`]
      : []),
    ...(figures.groups ? [`${counted(figures, "groups", "place in a group ends", "places in groups end")}`] : []),
  ];
  return parts.length ? ` ${upper(parts.join(", and "))}; what somebody has by another way too, stays.` : "";
}

const FOLLOWS: Readonly<Record<HeldKind, (figures: Figures) => string>> = {
  automation: (figures) =>
    figures.runs === 0
      ? "Nobody is under way in it. The log of its runs stays."
      : `${upper(learners(figures))} ${figures.users === 1 ? "is" : "are"} under way in it: ${counted(figures, "runs", "run ends", "runs end")}, and nothing more happens to them. The log of its runs stays.`,
  segment: (figures) =>
    `${figures.users === 0 ? "Nobody is in it." : `${upper(learners(figures))} ${figures.users === 1 ? "leaves" : "leave"} it.`}${figures.rules ? ` ${upper(counted(figures, "rules", "rule goes", "rules go"))} with it.` : ""}`,
  segment_rule: (figures) =>
    figures.users === 0
      ? "Nobody leaves the segment by it."
      : `${upper(learners(figures))} ${figures.users === 1 ? "meets" : "meet"} no other rule and ${figures.users === 1 ? "leaves" : "leave"} the segment.${takenText(figures)}`,
  segment_sync: (figures) =>
    figures.users === 0
      ? "Nobody loses anything by it."
      : `${upper(learners(figures))} ${figures.users === 1 ? "loses" : "lose"} what it gave.${takenText(figures)}`,
  auto_group: (figures) =>
    figures.users === 0
      ? "Nobody is in a group by it."
      : `${upper(learners(figures))} ${figures.users === 1 ? "leaves" : "leave"} its groups.`,
  profile_field: () => "Learners keep their values; they are not checked any more, and no rule may name the field.",
};

/** What the button says beside what it does. */
const BUTTONS: Readonly<Partial<Record<HeldKind, (figures: Figures) => string>>> = {
  automation: (figures) => `, ${learners(figures)} ${figures.users === 1 ? "exits" : "exit"}`,
  segment: (figures) => `, ${learners(figures)} ${figures.users === 1 ? "leaves" : "leave"}`,
  segment_rule: (figures) => `, ${learners(figures)} ${figures.users === 1 ? "leaves" : "leave"}`,
  segment_sync: (figures) => `, ${learners(figures)} ${figures.users === 1 ? "loses" : "lose"} it`,
  auto_group: (figures) => `, ${learners(figures)} ${figures.users === 1 ? "leaves" : "leave"}`,
};

const Follows: FC<{ kind: HeldKind; figures: Figures; visit: Visit }> = ({ kind, figures, visit }) => (
  <>
    <p>{FOLLOWS[kind](figures)}</p>
    {figures.automations.length ? (
      <p>
        Automations that are off name it, and name nothing then:{" "}
        {figures.automations.map(({ id, name }, index) => (
          <>
            {index === 0 ? "" : ", "}
            <a href={visit.path(`/automations/${encodeURIComponent(id)}`)}>{name}</a>
          </>
        ))}
        .
      </p>
    ) : null}
    <p class="soft">
      {say(
        "It is held for an hour first: until then it gives nothing new and takes nothing away, and you can have it back as it was.",
      )}
    </p>
  </>
);

async function deletePage(c: Ctx, kind: HeldKind, id: string, refusedBefore: Problem | null = null): Promise<Html> {
  const visit = c.var.visit;
  const { called, list, section } = await THINGS[kind](visit, id);
  // A dry run of what would be held answers just this.
  const asked = await attempt(async () => (await DELETES[kind](visit, id, { hold: HOLD, dry_run: true })) as Figures);
  const refused = refusedBefore ?? asked.refused;
  const figures = asked.value;
  return (
    <Layout title={`Delete ${called}`} viewer={visit.viewer} section={section}>
      <PageHead title={`Delete ${called}?`} />
      <RefusalNotice problem={refused} />
      <div class="prose">
        {figures ? <Follows kind={kind} figures={figures} visit={visit} /> : null}
        <Form action={`${placeOf(visit, kind, id)}/delete`} class="inline">
          {figures && visit.mayEdit ? (
            <button type="submit" class="button is-danger">
              Delete{figures.users > 0 ? (BUTTONS[kind]?.(figures) ?? "") : ""}
            </button>
          ) : null}
          <a class="button" href={HAVE_PAGES.has(kind) ? placeOf(visit, kind, id) : list}>
            {say("Keep it")}
          </a>
        </Form>
      </div>
    </Layout>
  );
}

export const deletionPages = new Pages();

// The keys of the table.
for (const kind of Object.keys(PLACES) as HeldKind[]) {
  const by = kind === "profile_field" ? "key" : "id";
  const at = `${PLACES[kind]}/:${by}`;
  const idIn = (c: Ctx): string => c.req.param(by) ?? "";

  deletionPages.get(`${at}/delete`, "viewer", async (c) => c.html(await deletePage(c, kind, idIn(c))));

  deletionPages.post(`${at}/delete`, "editor", async (c) => {
    const visit = c.var.visit;
    const id = idIn(c);
    const { list } = await THINGS[kind](visit, id);
    const { refused } = await attempt(() => DELETES[kind](visit, id, { hold: HOLD }));
    if (refused) return c.html(await deletePage(c, kind, id, refused), refused.status);
    return seeOther(c, list, { done: "held", undo: `${kind}:${id}` });
  });

  deletionPages.post(`${at}/restore`, "editor", async (c) => {
    const visit = c.var.visit;
    const id = idIn(c);
    await RESTORES[kind](visit, id);
    const page = HAVE_PAGES.has(kind) ? placeOf(visit, kind, id) : (await THINGS[kind](visit, id)).list;
    return seeOther(c, page, { done: "restored" });
  });

  deletionPages.post(`${at}/delete-now`, "editor", async (c) => {
    const visit = c.var.visit;
    const id = idIn(c);
    const { list } = await THINGS[kind](visit, id);
    await DELETES[kind](visit, id, {});
    return seeOther(c, list, { done: kind === "automation" ? "deleted" : "removed" });
  });
}
