import type { Child } from "hono/jsx";
import { automationNames } from "../../../automations/find";
import { giverNameOf, giverNames } from "../../../automations/givers";
import type { AnswerTo } from "../../../http/answering/answers";
import { inWords, later, type Text } from "../../../language/say";
import type { Ctx } from "../../visit";
import { namesFor } from "../../words/names";

/* What jobs are about, by its name and with the way there. */

type About = Pick<AnswerTo<"GET /v1/jobs/:id">, "about">;

interface Shown {
  text: string;
  href: string;
}

/** Where the school shows a thing of a kind, and what one is called that is there no more; of products: their own page. */
const PLACES: Readonly<Record<string, { under: string; gone: Text }>> = {
  automation: { under: "/automations/", gone: later("a deleted automation") },
  run: { under: "/runs/", gone: later("a deleted automation") },
  segment: { under: "/segments/", gone: later("a deleted segment") },
  sync: { under: "/syncs/", gone: later("a sync that is gone") },
  auto_group: { under: "/auto-groups#row-", gone: later("auto groups that are gone") },
};

/** What makes those words of a page of jobs; undefined: a job is about nothing in particular. */
export async function aboutJobs(c: Ctx, jobs: readonly About[]): Promise<(job: About) => Shown | undefined> {
  const { visit } = c.var;
  const all = jobs.flatMap(({ about }) => about ?? []);
  const ids = all.flatMap(({ kind, id }) => (kind === "automation" ? [id] : []));
  const givers = all.map(({ kind, id }) => ({ by: kind, id }));
  const [automations, named, names] = await Promise.all([
    ids.length ? automationNames(c.env, visit.school.id, ids) : new Map<string, string>(),
    giverNames(c.env, visit.school.id, givers),
    namesFor(c.env, visit.school.id, all),
  ]);
  return ({ about }) => {
    if (about === null) return undefined;
    const { kind, id } = about;
    const giver = giverNameOf(named, { by: kind, id });
    const name = automations.get(id) ?? names[kind]?.[id] ?? giver?.name ?? giver?.of;
    const place = Object.hasOwn(PLACES, kind) ? PLACES[kind] : undefined;
    const within = (place?.under ?? `/products/${kind}/`) + encodeURIComponent(id);
    return { text: name ?? (place ? inWords(place.gone) : id), href: visit.path(within) };
  };
}

/** The same as a link, or nothing. */
export const aboutLink = (shown: Shown | undefined): Child => (shown ? <a href={shown.href}>{shown.text}</a> : null);
