import { Cache } from "../base/cache";
import { isOfEarlier } from "../base/errors/errors";
import { bodyOf, type Part, textOf } from "../base/text/parts";
import type { EventCall, EventsAnswer, RemoteUser, SchoolReference } from "./user";

/*
 * One event whose answer shows all of the user. Of a user with much to remember that is half a megabyte: asked for by a
 * request, it goes to whoever asked as the bytes that the object has of it. In what a method answers it would be copied into
 * and out of a message, made into a text of this isolate and into bytes again.
 */

interface WholeCall {
  reference: SchoolReference;
  call: EventCall;
  budgetMs: number;
}

/** The answer as it comes from the object. */
export type Whole = ReadableStream<Uint8Array>;

/** From so many characters, or bytes, on a request is the cheaper way; of short answers it is the dearer. */
const LONG = 32_768;

/** On an answer whose body is the text for the caller and nothing else, what is beside it. */
const BESIDE = "x-beside";
const NEWS = "news";
const WAKES = "wakes";
const IS_LONG = "long";

// ---- Who asks ----

/** Whose answers were long when this isolate asked last. */
const long = new Cache<true>({ entries: 1_000 });

/** What a user's object answers to one event. One of the release before knows no requests, and is called. */
export async function askWhole(
  object: RemoteUser,
  user: string,
  asked: WholeCall,
): Promise<EventsAnswer<string | Whole>> {
  const { reference, call, budgetMs } = asked;
  const whose = `${reference.id}/${user}`;
  if (long.get(whose)) {
    try {
      // A copy of an event that has an id of its sender's is known again: by PUT it may be asked twice.
      const method = call.hash === null ? "POST" : "PUT";
      const response = await object.fetch("https://user/event", { method, body: JSON.stringify(asked) });
      return await answerIn(response, () => long.delete(whose));
    } catch (error) {
      if (!isOfEarlier(error)) throw error;
    }
  }
  const answer = await object.events(reference, [call], { budgetMs });
  const [first] = answer.answers;
  if (typeof first === "string" && first.length > LONG) long.set(whose, true);
  return answer;
}

async function answerIn(response: Response, isShort: () => void): Promise<EventsAnswer<string | Whole>> {
  const beside = response.headers.get(BESIDE);
  if (beside === null || !response.body) return response.json<EventsAnswer>();
  if (!beside.includes(IS_LONG)) isShort();
  const hasNews = beside.includes(NEWS);
  return { answers: [response.body], hasNews, ...(beside.includes(WAKES) ? { wakes: true as const } : {}) };
}

// ---- Who answers ----

export const wholeCallIn = (request: Request): Promise<WholeCall> => request.json<WholeCall>();

/** The answer as a response: nearly always its text, with whatever else there is to say in a header. */
export function wholeAnswer(answer: EventsAnswer<readonly Part[]>): Response {
  const { answers, hasNews, wakes, ...more } = answer;
  const [first] = answers;
  if (!isParts(first) || Object.keys(more).length) return Response.json(asTexts(answer));
  const body = bodyOf(first);
  const beside = [...(hasNews ? [NEWS] : []), ...(wakes ? [WAKES] : []), ...(body.length > LONG ? [IS_LONG] : [])];
  return new Response(body, { headers: { [BESIDE]: beside.join(" ") } });
}

/** The same as what a method answers. */
export const asTexts = ({ answers, ...more }: EventsAnswer<readonly Part[]>): EventsAnswer => ({
  ...more,
  answers: answers.map((one) => {
    if (isParts(one)) return textOf(one);
    return one.kind === "overtaken" ? { kind: "overtaken", text: textOf(one.text) } : one;
  }),
});

/** Of what a turn answers nothing else is a list. */
const isParts = (answer: EventsAnswer<readonly Part[]>["answers"][number] | undefined): answer is readonly Part[] =>
  Array.isArray(answer);
