import { invalid, Problem, pointer } from "../../base/errors/errors";
import type { EventAnswer, EventRefusal, Overtaken } from "../../calls/user";
import { limitText } from "../../catalogue/facts/limits";

/* What a user's object says of an event beside an answer to it. */

/** What is answered for an event that its user's object did not take. */
const REFUSALS: { [K in EventRefusal["kind"]]: (refusal: Extract<EventRefusal, { kind: K }>) => Problem } = {
  other_body: () => new Problem("conflict", "This event id was used with another body."),
  limit: ({ limit, field }) =>
    invalid([{ path: pointer(field === null ? ["data"] : ["data", field]), message: limitText(limit) }]),
};

// The table has, for each kind, the function that takes refusals of that kind.
export const refusedAs = (refusal: EventRefusal): Problem =>
  (REFUSALS[refusal.kind] as (refusal: EventRefusal) => Problem)(refusal);

/** What it is; a text, or a stream of one, is an answer. */
const kindOf = (answer: unknown): unknown =>
  typeof answer === "object" && answer !== null && "kind" in answer ? answer.kind : null;

export const isOvertaken = <Text>(answer: EventAnswer<Text> | undefined): answer is Overtaken<Text> =>
  kindOf(answer) === "overtaken";

export const isRefusal = <Text>(answer: EventAnswer<Text>): answer is EventRefusal =>
  Object.hasOwn(REFUSALS, String(kindOf(answer)));
