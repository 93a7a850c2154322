import { isOfEarlier } from "../base/errors";
import { bodyOf, type Part, textOf } from "../base/parts";
import type { EventCall, EventsAnswer, RemoteUser, SchoolReference } from "./user";

/*
 * One event whose answer shows all of the user, as a request: of a user with much to remember that is half a megabyte,
 * which then goes to whoever asked as the bytes that the object has of it. In what a method answers it would be copied into
 * and out of a message, made into a text of this isolate and into bytes again.
 */

interface WholeCall {
  reference: SchoolReference;
  call: EventCall;
  budgetMs: number;
}

/** The answer as it comes from the object. */
export type Whole = ReadableStream<Uint8Array>;

/** On an answer whose body is the text for the caller and nothing else, what is beside it. */
const BESIDE = "x-beside";
const NEWS = "news";
const WAKES = "wakes";

// ---- Who asks ----

/** What an object answers to one event. One of the release before knows no requests, and is called. */
export async function askWhole(object: RemoteUser, asked: WholeCall): Promise<EventsAnswer<string | Whole>> {
  // A copy of an event that has an id of its sender's is known again: by PUT it may be asked twice.
  const method = asked.call.hash === null ? "POST" : "PUT";
  try {
    return await answerIn(await object.fetch("https://user/event", { method, body: JSON.stringify(asked) }));
  } catch (error) {
    if (!isOfEarlier(error)) throw error;
    const { reference, call, budgetMs } = asked;
    return object.events(reference, [call], { budgetMs });
  }
}

async function answerIn(response: Response): Promise<EventsAnswer<string | Whole>> {
  const beside = response.headers.get(BESIDE);
  if (beside === null || !response.body) return response.json<EventsAnswer>();
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
  const beside = [...(hasNews ? [NEWS] : []), ...(wakes ? [WAKES] : [])];
  return new Response(bodyOf(first), { headers: { [BESIDE]: beside.join(" ") } });
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
