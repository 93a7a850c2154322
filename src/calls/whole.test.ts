import { beforeEach, expect, test } from "vitest";
import { forgetEverything } from "../base/cache";
import { partOf } from "../base/text/parts";
import { USER_CALLS } from "./reaching/again";
import type { EventCall, EventsAnswer, RemoteUser, SchoolReference } from "./user";
import { askWhole, asTexts, wholeAnswer, wholeCallIn } from "./whole";

const REFERENCE: SchoolReference = { id: "school", stamp: 1, now: null };
const CALL: EventCall = {
  ...{ id: "evt_1", hash: "h", type: "custom.note", data: { "": ["ü", null, -1.5e300], __proto__: 1 } },
  ...{ attributes: {}, at: null },
};
const asked = { reference: REFERENCE, call: CALL, budgetMs: 2_000 };

type Answer = EventsAnswer<readonly (string | Uint8Array)[]>;

/** An object that answers so, and the requests that it got. */
function answering(answer: Answer) {
  const requests: Request[] = [];
  const fetch = async (url: string, how?: RequestInit) => {
    requests.push(new Request(url, how));
    return wholeAnswer(answer);
  };
  // Nothing else of it is called.
  return { object: { fetch, events } as unknown as RemoteUser, requests };
}

/** What it has answered before, so that it is asked by a request. */
const events = async (): Promise<EventsAnswer> => ({ answers: [LONG], hasNews: false });

beforeEach(forgetEverything);

const read = async ({ answers, ...more }: Awaited<ReturnType<typeof askWhole>>) => ({
  ...more,
  answers: await Promise.all(
    answers.map((one) => (one instanceof ReadableStream ? new Response(one).text() : Promise.resolve(one))),
  ),
});

const LONG = `{"user":"${"имя".repeat(20_000)}"}`;
const ANSWERS: Record<string, Answer> = {
  "a text": { answers: [["{", "}"]], hasNews: false },
  "a long text": { answers: [['{"user":', partOf(LONG), "}"]], hasNews: true },
  "one who is to be woken": { answers: [["{}"]], hasNews: true, wakes: true },
  "one who is to be woken alone": { answers: [["{}"]], hasNews: false, wakes: true },
  "a refusal": { answers: [{ kind: "other_body" }], hasNews: false },
  "what was overtaken": { answers: [{ kind: "overtaken", text: ["{", "}"] }], hasNews: false },
  "where the user went": { answers: [], hasNews: false, movedTo: "ünal", holdsState: true },
  "a lead": { answers: [["{}"]], hasNews: true, lead: "анна@acme.com" },
  "what is to be said of changes": { answers: [["{}"]], hasNews: false, statuses: { dlv_1: "done" } },
};

test.each(Object.entries(ANSWERS))("%s comes as the object's method would answer it", async (_, answer) => {
  const { object, requests } = answering(answer);
  expect(await askWhole(object, "anna", asked)).toEqual(await events());
  expect(await read(await askWhole(object, "anna", asked))).toEqual(asTexts(answer));
  expect(await Promise.all(requests.map(wholeCallIn))).toEqual([asked]);
});

test("two that are put together before either was read are each its own", async () => {
  const [one, other] = ["а", "б"].map((letter) => `{"user":"${letter.repeat(40_000)}"}`);
  const [first, second] = [one, other].map((text) =>
    wholeAnswer({ answers: [["", partOf(text ?? "")]], hasNews: false }),
  );
  expect([await first?.text(), await second?.text()]).toEqual([one, other]);
});

test("it is made again only where its event is known again", async () => {
  const { object, requests } = answering({ answers: [[LONG]], hasNews: false });
  await askWhole(object, "anna", asked);
  for (const hash of ["h", null]) await askWhole(object, "anna", { ...asked, call: { ...CALL, hash } });
  const mayRepeat = USER_CALLS.fetch as (url: string, how: RequestInit) => boolean;
  expect(requests.map(({ url, method }) => mayRepeat(url, { method }))).toEqual([true, false]);
});

test("by a request is asked whose last answer was long, and nobody else", async () => {
  const answer: Answer = { answers: [[partOf(LONG)]], hasNews: false };
  const { object, requests } = answering(answer);
  const ask = async (user: string) => {
    await askWhole(object, user, asked);
    return requests.length;
  };
  expect([await ask("anna"), await ask("ben"), await ask("anna"), await ask("anna")]).toEqual([0, 0, 1, 2]);
  answer.answers = [["{}"]];
  expect([await ask("anna"), await ask("anna"), await ask("anna")]).toEqual([3, 3, 4]);
});

test("an object of the release before, which takes no requests, is called", async () => {
  const calls: unknown[] = [];
  const answer: EventsAnswer = { answers: [LONG], hasNews: true };
  const before = {
    fetch: () => Promise.reject(new TypeError("Handler does not export a fetch() function.")),
    events: (...given: unknown[]) => {
      calls.push(given);
      return Promise.resolve(answer);
    },
    // As above.
  } as unknown as RemoteUser;
  const given = [REFERENCE, [CALL], { budgetMs: 2_000 }];
  for (let n = 1; n < 3; n++) {
    expect(await askWhole(before, "anna", asked)).toEqual(answer);
    expect(calls).toEqual(Array(n).fill(given));
  }
  const broken = { ...before, fetch: () => Promise.reject(new Error("it broke")) };
  await expect(askWhole(broken, "anna", asked)).rejects.toThrow("it broke");
});
