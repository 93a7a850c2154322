import type { FC } from "hono/jsx";
import type { Env } from "../../base/env";
import type { Problem } from "../../base/errors/errors";
import type { HeldKind } from "../../held/hold";
import { say, weave } from "../../language/say";
import { Form } from "../components/forms/form";
import { PLACES, placeOf } from "../components/frame/held";
import { Layout, PageHead } from "../components/frame/layout";
import { Pages } from "../page";
import { attempt, type Ctx, type Html, seeOther, type Visit } from "../visit";
import { schoolWords } from "../words/names";
import { buttonText, countText, type Figures, FOLLOWS, HELD_FIRST } from "./deletion-told";
import { RefusalNotice } from "./problem";

/* Deletes of definitions: what will follow is said in figures first, and for an hour there is a way back. */

const HOLD = "PT1H";

/** A definition that is to be deleted, as its kind tells of it. */
interface Thing {
  /** "Delete the segment “Sales”": a question is made of it by its mark. */
  title: string;
  /** The list it stands in. */
  list: string;
  section: "automations" | "segments" | "settings";
}

const params = (id: string) => ({ params: { id } });

const THINGS: Readonly<Record<HeldKind, (visit: Visit, id: string, env: Env) => Promise<Thing>>> = {
  automation: async ({ api, path }, id) => ({
    title: say("Delete “{name}”", { name: (await api.call("GET /v1/automations/:id", params(id))).name }),
    list: path("/automations"),
    section: "automations",
  }),
  segment: async ({ api, path }, id) => ({
    title: say("Delete the segment “{name}”", { name: (await api.call("GET /v1/segments/:id", params(id))).name }),
    list: path("/segments"),
    section: "segments",
  }),
  segment_rule: async ({ api, path }, id) => {
    const { segment: of } = await api.call("GET /v1/segment-rules/:id", params(id));
    const segment = await api.find("GET /v1/segments/:id", params(of));
    return {
      title: say("Delete a rule of “{segment}”", { segment: segment?.name ?? of }),
      list: path(`/segments/${encodeURIComponent(of)}`),
      section: "segments",
    };
  },
  segment_sync: async ({ api, path }, id) => ({
    title: say("Delete the sync “{name}”", { name: (await api.call("GET /v1/segment-syncs/:id", params(id))).name }),
    list: path("/syncs"),
    section: "segments",
  }),
  auto_group: async ({ api, path, school }, id, env) => {
    const group = await api.call("GET /v1/auto-groups/:id", params(id));
    const words = await schoolWords(env, school.id, group);
    return {
      title: say("Delete the auto group of “{course}”", { course: words.nameOf("course", group.course) }),
      list: path("/auto-groups"),
      section: "segments",
    };
  },
  profile_field: async ({ api, path }, key) => ({
    title: say("Delete the field “{name}”", {
      name: (await api.call("GET /v1/profile-fields/:key", { params: { key } })).name,
    }),
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

const Follows: FC<{ kind: HeldKind; figures: Figures; visit: Visit }> = ({ kind, figures, visit }) => (
  <>
    <p>{FOLLOWS[kind](figures, countText(figures, "users"))}</p>
    {figures.automations.length ? (
      <p>
        {weave("Automations that are off name it, and name nothing then: {automations}.", {
          automations: figures.automations.map(({ id, name }, index) => (
            <>
              {index === 0 ? "" : ", "}
              <a href={visit.path(`/automations/${encodeURIComponent(id)}`)}>{name}</a>
            </>
          )),
        })}
      </p>
    ) : null}
    <p class="soft">{say(HELD_FIRST)}</p>
  </>
);

async function deletePage(c: Ctx, kind: HeldKind, id: string, refusedBefore: Problem | null = null): Promise<Html> {
  const visit = c.var.visit;
  const { title, list, section } = await THINGS[kind](visit, id, c.env);
  // A dry run of what would be held answers just this.
  const asked = await attempt(async () => (await DELETES[kind](visit, id, { hold: HOLD, dry_run: true })) as Figures);
  const refused = refusedBefore ?? asked.refused;
  const figures = asked.value;
  return (
    <Layout title={title} viewer={visit.viewer} section={section}>
      <PageHead title={`${title}?`} />
      <RefusalNotice problem={refused} />
      <div class="prose">
        {figures ? <Follows kind={kind} figures={figures} visit={visit} /> : null}
        <Form action={`${placeOf(visit, kind, id)}/delete`} class="inline">
          {figures && visit.mayEdit ? (
            <button type="submit" class="button is-danger">
              {buttonText(kind, figures)}
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
    const { list } = await THINGS[kind](visit, id, c.env);
    const { refused } = await attempt(() => DELETES[kind](visit, id, { hold: HOLD }));
    if (refused) return c.html(await deletePage(c, kind, id, refused), refused.status);
    return seeOther(c, list, { done: "held", undo: `${kind}:${id}` });
  });

  deletionPages.post(`${at}/restore`, "editor", async (c) => {
    const visit = c.var.visit;
    const id = idIn(c);
    await RESTORES[kind](visit, id);
    const page = HAVE_PAGES.has(kind) ? placeOf(visit, kind, id) : (await THINGS[kind](visit, id, c.env)).list;
    return seeOther(c, page, { done: "restored" });
  });

  deletionPages.post(`${at}/delete-now`, "editor", async (c) => {
    const visit = c.var.visit;
    const id = idIn(c);
    const { list } = await THINGS[kind](visit, id, c.env);
    await DELETES[kind](visit, id, {});
    return seeOther(c, list, { done: kind === "automation" ? "deleted" : "removed" });
  });
}
