import type { FC } from "hono/jsx";
import type { AnswerTo } from "../../../../http/answering/answers";
import { say } from "../../../../language/say";
import { hrefWith } from "../../../components/forms/filters";
import { timelineAt } from "../../../components/giver";
import { Moment } from "../../../components/moment";
import type { Visit } from "../../../visit";
import type { Words } from "../../../words/sentences/sentence";

type Learner = AnswerTo<"GET /v1/users/:id">;

/** Something that a learner holds. */
interface Held {
  kind: string;
  id: string;
  at: string;
}

/** What a learner has of a run: of what was given since by another that other is the giver. */
export function givenByRun({ givers }: Learner, run: string): Held[] {
  const isOf = ({ by, id }: { by: string; id: string | null }): boolean => by === "run" && id === run;
  const named = (kind: string, all: Learner["givers"]["tags"]): Held[] =>
    Object.entries(all).flatMap(([id, giver]) => (isOf(giver) ? [{ kind, id, at: giver.at }] : []));
  return [
    ...named("tag", givers.tags),
    ...givers.enrolments.flatMap(({ product_type: kind, product: id, sources }) =>
      sources.filter(isOf).map(({ at }) => ({ kind, id, at })),
    ),
    ...Object.entries(givers.groups).flatMap(([id, sources]) =>
      Object.values(sources)
        .filter(isOf)
        .map(({ at }) => ({ kind: "group", id, at })),
    ),
    ...named("segment", givers.segments),
    ...named("seat", givers.seats),
    ...named("space", givers.spaces),
    ...named("field", givers.fields),
  ];
}

/** Where others who have the same are found, or the thing itself. */
function pageOf(visit: Visit, { kind, id }: Held): string | undefined {
  if (kind === "tag") return hrefWith(visit.path("/learners"), { tag: id });
  if (kind === "segment") return visit.path(`/segments/${encodeURIComponent(id)}`);
  if (kind === "course" || kind === "bundle" || kind === "subscription")
    return visit.path(`/products/${kind}/${encodeURIComponent(id)}`);
  return undefined;
}

interface Props {
  run: string;
  learner: Learner;
  who: string;
  words: Words;
  visit: Visit;
}

/** What of a run is there still, each with the moment of the timeline. */
export const RunGave: FC<Props> = ({ run, learner, who, words, visit }) => {
  const held = givenByRun(learner, run);
  return (
    <>
      <h2 class="part">{say("What {who} still has from it", { who })}</h2>
      {held.length === 0 ? (
        <p class="soft">
          {say(
            "Nothing: it gave nothing that lasts, or that was taken away again, or something else has given it since.",
          )}
        </p>
      ) : (
        <ul class="plain">
          {held.map((one) => {
            const href = pageOf(visit, one);
            const name = words.nameOf(one.kind, one.id);
            return (
              <li>
                <span class="soft">{words.nounOf(one.kind)}</span> {href ? <a href={href}>{name}</a> : name}{" "}
                <small>
                  <a href={timelineAt(visit, learner.id, one.at)}>
                    <Moment atMs={Date.parse(one.at)} nowMs={visit.nowMs} timezone={visit.timezone} />
                  </a>
                </small>
              </li>
            );
          })}
        </ul>
      )}
    </>
  );
};
