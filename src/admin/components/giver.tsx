import type { Child, FC } from "hono/jsx";
import { type GivenBy as By, type GiverNames, giverNameOf } from "../../automations/givers";
import { isProductKind } from "../../catalogue/facts/products";
import type { RowOf } from "../../http/answering/answers";
import { say, weave } from "../../language/say";
import type { Visit } from "../visit";
import { factSentence } from "../words/sentences/fact";
import { plain, type Words } from "../words/sentences/sentence";
import { hrefWith } from "./forms/filters";
import { Moment } from "./moment";

/* Who gave what is held, by name and with the way there: the same words on every page that shows something held. */

/** What the words need of a page. */
export interface Givers {
  visit: Visit;
  names: GiverNames;
  words: Words;
  /** What events were, in words, by their ids, where that is known: "signs up". */
  events?: ReadonlyMap<string, string>;
}

/** A giver, as answers show one; facts have no moment of their own. */
export interface Given extends By {
  at?: string;
  /** Of an enrolment or a membership of a group. */
  source?: string;
}

/** What is told of a learner: by what, where that was not its event alone. */
type Happened = RowOf<"GET /v1/users/:id/timeline">;

/** What the events of some of a timeline were: of each the fact that nothing else made. */
export function eventsIn(entries: readonly Happened[], words: Words): ReadonlyMap<string, string> {
  const events = new Map<string, string>();
  for (const entry of entries)
    if (entry.kind === "fact" && entry.event_id !== null && !entry.run_id && !entry.by)
      events.set(entry.event_id, plain(factSentence(entry, words)));
  return events;
}

const HOUR_MS = 3_600_000;

/** The timeline of a learner, back from a moment. */
export const timelineAt = (visit: Visit, user: string, at: string): string =>
  hrefWith(visit.path(`/learners/${encodeURIComponent(user)}/timeline`), { at });

interface Told {
  text: Child;
  href?: string | undefined;
}

/** What an event was, where that is known, and when. */
function eventText(happened: string | undefined, at: string | undefined, visit: Visit): Child {
  if (at === undefined) return happened === undefined ? say("an event") : say("“{happened}”", { happened });
  const moment = <Moment atMs={Date.parse(at)} nowMs={visit.nowMs} timezone={visit.timezone} />;
  return happened === undefined
    ? weave("an event, {moment}", { moment })
    : weave("“{happened}”, {moment}", { happened, moment });
}

/** Words for each kind of giver. A kind that is new is told by its name. */
function told({ by, id, at }: Given, user: string, { visit, names, words, events }: Givers): Told {
  const named = giverNameOf(names, { by, id });
  const own = encodeURIComponent(id ?? "");
  const moment = at === undefined ? undefined : timelineAt(visit, user, at);
  const person = (): Told => {
    const who = id?.includes("@") ? `admin:${id}` : `key:${id}`;
    const name =
      id === null ? say("the platform") : id.includes("@") ? id : id === "operator" ? say("platform operator") : null;
    return {
      text: name ?? (named?.name ? say("the key {name}", { name: named.name }) : say("a key that is gone")),
      href: visit.mayOwn && id !== null ? hrefWith(visit.path("/settings/audit"), { who }) : moment,
    };
  };
  const automation = (isGone: boolean): Told => ({
    text:
      named?.name ??
      (named ? say("a deleted automation") : isGone ? say("an automation, long ago") : say("an automation")),
    href: isGone ? moment : visit.path(`/runs/${own}`),
  });
  switch (by) {
    case "run":
      return automation(!named && at !== undefined && Date.parse(at) < visit.nowMs - HOUR_MS);
    case "rule":
      return named
        ? {
            text: say("a rule of {segment}", { segment: named.name ?? named.of ?? "" }),
            href: visit.path(`/rules/${own}`),
          }
        : { text: id === null ? say("the rules") : say("a rule that is gone"), href: moment };
    case "sync":
      return named
        ? { text: say("the sync {name}", { name: named.name ?? "" }), href: visit.path(`/syncs/${own}`) }
        : { text: say("a sync that is gone"), href: moment };
    case "auto_group":
      return named
        ? {
            text: say("the auto groups of {name}", { name: named.name ?? named.of ?? "" }),
            href: visit.path("/auto-groups"),
          }
        : { text: say("auto groups that are gone"), href: moment };
    case "import":
      return { text: say("an import"), href: id === null ? moment : visit.path(`/jobs/${own}`) };
    case "hand":
      return person();
    case "reconcile":
      return {
        text: <>{weave("{who}, bringing the LMS and the school in line", { who: person().text })}</>,
        href: person().href,
      };
    case "learner":
      return {
        text: id === null ? say("the learner") : say("the learner, by a key of the course"),
        href: named?.of ? visit.path(`/courses/${encodeURIComponent(named.of)}`) : moment,
      };
    case "merge":
      return { text: say("the merge with {id}", { id: id ?? "" }), href: moment };
    case "undo":
      return named
        ? {
            text:
              named.name === null ? say("undoing a deleted automation") : say("undoing {name}", { name: named.name }),
            href: visit.path(id?.startsWith("run_") ? `/runs/${own}` : `/automations/${own}`),
          }
        : { text: say("an undo"), href: moment };
    case "time":
      return { text: say("time alone") };
    case "event":
      return { text: id === null ? say("the LMS") : eventText(events?.get(id), at, visit), href: moment };
    case "bundle":
      return { text: words.nameOf("product", id ?? ""), href: moment };
    default:
      return { text: by, href: moment };
  }
}

/** What holds courses, by the name of a source; undefined: the giver says it all. */
function holderIn(source: string | undefined, { visit, words }: Givers): Told | undefined {
  const [kind = "", ...rest] = source?.split(":") ?? [];
  const id = rest.join(":");
  if (id === "" || !["bundle", "subscription", "seat"].includes(kind)) return undefined;
  const href = isProductKind(kind) ? visit.path(`/products/${kind}/${encodeURIComponent(id)}`) : undefined;
  return { text: say("the {noun} {name}", { noun: words.nounOf(kind), name: words.nameOf(kind, id) }), href };
}

const Link: FC<{ told: Told }> = ({ told: { text, href } }) =>
  href === undefined ? <>{text}</> : <a href={href}>{text}</a>;

/** One giver. Where a product holds something for the learner, the product, and who gave that. */
export const Giver: FC<{ given: Given; user: string; of: Givers }> = ({ given, user, of }) => {
  const holder = holderIn(given.source, of);
  if (!holder) return <Link told={told(given, user, of)} />;
  return given.by === "bundle" ? (
    <Link told={holder} />
  ) : (
    <>
      {weave("{holder}, by {giver}", {
        holder: <Link told={holder} />,
        giver: <Link told={told(given, user, of)} />,
      })}
    </>
  );
};

/** Beside what is held: those who gave it; nothing where nobody knows. */
export const GivenBy: FC<{ givers: readonly Given[]; user: string; of: Givers }> = ({ givers, user, of }) =>
  givers.length === 0 ? null : (
    <small class="soft">
      {weave("by {givers}", {
        givers: givers.map((given, index) => (
          <>
            {index > 0 ? "; " : ""}
            <Giver given={given} user={user} of={of} />
          </>
        )),
      })}
    </small>
  );
