import pMap from "p-map";
import type { Env } from "../../base/env";
import { type Fault, isSchoolGone, isStoredByLater, notFound, Problem, storedByLater } from "../../base/errors/errors";
import { log } from "../../base/reports/log";
import { refusalOf } from "../../calls/reaching/again";
import { referenceOf, userObject } from "../../calls/reaching/stub";
import type { EventCall, EventOptions, EventsAnswer, RemoteUser, SchoolReference } from "../../calls/user";
import { askWhole, type Whole } from "../../calls/whole";
import { eventOf, tagsIn } from "../../catalogue";
import { isLead, leadId } from "../../catalogue/facts/facts";
import type { ToldName } from "../../catalogue/facts/told-names";
import { countUnmapped } from "../../db/unmapped";
import { hash53, traceOfEvent } from "../../engine/identity";
import type { HeldCourses } from "../../engine/play";
import type { World } from "../../engine/types";
import { announceSoon, countEventsOf } from "../../journal/announce";
import { spellTags } from "../../world/naming/spelling";
import { forgetSchool, loadSchool, nowOf, type School } from "../../world/snapshot";
import { isKnownToHold, learnBundles, loadWorld } from "../../world/world";
import { handOver, newRoom, type Room } from "../merging/hand-over";
import { noteLeads, takeLeadOver, userByEmail, usersByEmail } from "../merging/leads";
import type { AnswerRoom } from "./answer-room";
import type { Sender } from "./caller";
import { budgetOf, carryOut, type Wanted, withStatuses } from "./carry";
import { isCopy } from "./copies";
import { type CheckedEvent, checkEvent } from "./event";
import { isOvertaken, isRefusal, refusedAs } from "./judged";

/** An answer as JSON text, or why there is none. */
export type Ingested<Text = string> = { text: Text } | { problem: Problem };

/** What the events of one request share. */
interface Sending {
  room: Room;
  /** The trace of the request. */
  trace: string | null;
  wanted: Wanted;
}

/** What the events of a batch share beside. */
interface SendingBatch extends Sending {
  answers: AnswerRoom;
}

const USERS_AT_ONCE = 32;

/** The answer to an event as JSON, and the trace that it and all that follows from it belong to. */
export interface Answered {
  text: string | Whole;
  trace: string;
}

/**
 * One event, from the body to the answer.
 * @param trace that its caller named; null: none
 */
export async function ingest(
  env: Env,
  school: School,
  caller: Sender,
  raw: unknown,
  wanted: Wanted,
  trace: string | null,
): Promise<Answered> {
  const world = await loadWorld(env, school);
  const checked = checkEvent(raw, world.school, caller, nowOf(school));
  if (trace !== null) checked.call.trace = trace;
  const room = newRoom();
  const user = "id" in checked.user ? checked.user.id : await userByEmail(env, school, checked.user.email, room);
  const learned = await learnHeld(env, school, world, user, checked.call);
  // Before anything is done: what fails behind it would have an event without an id sent, and done, twice.
  if (isLead(user)) await noteLeads(env, school);
  const [result] = await send(env, learned, user, [checked.call], { room, wanted, trace }, askAlone);
  if (result && "text" in result)
    return { text: result.text, trace: trace ?? traceOfEvent(JSON.stringify([school.id, user]), checked.call.id) };
  throw result?.problem ?? new Error("no answer");
}

/** What is wrong with an event; 403 for what its sender may not send. */
export async function faultsOfEvent(env: Env, school: School, caller: Sender, raw: unknown): Promise<Fault[]> {
  const world = await loadWorld(env, school);
  try {
    checkEvent(raw, world.school, caller, nowOf(school));
    return [];
  } catch (error) {
    if (error instanceof Problem && error.faults) return error.faults;
    throw error;
  }
}

/** What comes beside an event, and is no part of what copies of it are known by. */
export interface Aside {
  /** What it came with calls products. */
  names?: readonly ToldName[];
  /** When it happened, ms: by a clock put right. */
  at?: number;
}

/** A part of a batch: its events as they came, and by their indexes those refused already and what bundles hold for some. */
export interface BatchPart {
  raws: readonly unknown[];
  refused: ReadonlyMap<number, Problem>;
  held: ReadonlyMap<number, HeldCourses>;
  asides: ReadonlyMap<number, Aside>;
}

/** Events in the order given: one bad one stops no other, and the events of one user keep their order. */
export async function ingestBatch(
  env: Env,
  school: School,
  { raws, refused, held, asides }: BatchPart,
  { room, wanted, trace, answers: answered }: SendingBatch,
): Promise<Ingested[]> {
  const world = await loadWorld(env, school);
  const results: Ingested[] = [];
  const checked = new Map<number, CheckedEvent>();
  for (const [index, raw] of raws.entries()) {
    try {
      const problem = refused.get(index);
      if (problem) throw problem;
      const event = checkEvent(raw, world.school, { kind: "school" }, nowOf(school));
      const own = held.get(index);
      if (own) event.call.held = own;
      if (trace !== null) event.call.trace = trace;
      const { names, at } = asides.get(index) ?? {};
      if (names) event.call.names = [...(event.call.names ?? []), ...names];
      if (at !== undefined) event.call.at = at;
      checked.set(index, event);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      results[index] = { problem: error };
    }
  }
  const byEmail = await usersByEmail(
    env,
    school,
    [...checked.values()].flatMap(({ user }) => ("email" in user ? [user.email] : [])),
    room,
  );
  const byUser = new Map<string, { index: number; call: EventCall }[]>();
  for (const [index, { user, call }] of checked) {
    const id = "id" in user ? user.id : (byEmail.get(user.email) ?? leadId(user.email));
    byUser.set(id, [...(byUser.get(id) ?? []), { index, call }]);
  }
  if ([...byUser.keys()].some(isLead)) await noteLeads(env, school);
  // The words of all of them at once: a batch may bring thousands.
  await spellTags(
    env,
    school,
    [...byUser.values()].flatMap((items) => items.flatMap(({ call }) => tagsIn(call))),
  );
  await pMap(
    byUser,
    async ([user, items]) => {
      for (const { index } of items) results[index] = { problem: tooMuch() };
      await answered.ask(items.length, async (count) => {
        const taken = items.slice(0, count);
        const calls = taken.map(({ call }) => call);
        // A user who cannot be served stops no other.
        const answers = await send(env, school, user, calls, { room, wanted, trace }, askTogether).catch(
          (error: unknown): Ingested[] => {
            if (error instanceof Problem) return calls.map(() => ({ problem: error }));
            if (isStoredByLater(error)) return calls.map(() => ({ problem: storedByLater() }));
            if (isSchoolGone(error)) return calls.map(() => ({ problem: notFound("school") }));
            const problem = refusalOf(error);
            if (problem) return calls.map(() => ({ problem }));
            log("error", "events.failed", { school: school.id, error });
            return [];
          },
        );
        for (const [n, { index }] of taken.entries())
          results[index] = answers[n] ?? { problem: new Problem("unavailable", "No answer came. Send it again.") };
        return answers.flatMap((one) => ("text" in one ? one.text : []));
      });
    },
    { concurrency: USERS_AT_ONCE },
  );
  return results;
}

const tooMuch = () =>
  new Problem("unavailable", "The answers before are 16 MB already: this event was not taken. Send it again.");

/** Has a user's object judge events. */
type Ask<Text> = (
  object: RemoteUser,
  user: string,
  reference: SchoolReference,
  calls: EventCall[],
  options: EventOptions,
) => Promise<EventsAnswer<Text>>;

const askTogether: Ask<string> = (object, _, reference, calls, options) => object.events(reference, calls, options);

/** Of one event. */
const askAlone: Ask<string | Whole> = (object, user, reference, calls, options) => {
  const [call] = calls;
  if (options.isMinimal || !call) return object.events(reference, calls, options);
  return askWhole(object, user, { reference, call, budgetMs: options.budgetMs });
};

/** Spells the events' tags as the school does, then lets the user's object judge. */
async function send<Text extends string | Whole>(
  env: Env,
  school: School,
  user: string,
  calls: EventCall[],
  sending: Sending,
  ask: Ask<Text>,
): Promise<Ingested<Text | string>[]> {
  const { room, wanted } = sending;
  for (const call of calls) await settleCall(env, school, call);
  const signUps = calls.filter((call) => eventOf(call.type)?.signsUp);
  if (school.hasLeads)
    for (const call of signUps) await takeLeadOver(env, school, user, call.attributes.email ?? null, [call], room);
  const object = userObject(env, school, user);
  const { deadline, isMinimal } = wanted;
  const options = { budgetMs: budgetOf(school, deadline), isMinimal };
  const answer = await ask(object, user, referenceOf(school), calls, options);
  const { answers, hasNews, wakes, movedTo, holdsState, lead } = answer;
  if (movedTo !== undefined) {
    const to = holdsState ? (await handOver(env, school, user, movedTo, room)).to : movedTo;
    return send(env, school, to, calls, sending, ask);
  }
  // It came after the look above, or this isolate did not know yet that there are leads.
  if (lead !== undefined && signUps.length)
    // The events are done: what fails now is finished by the lead's own alarm.
    await handOver(env, school, lead, user, room).catch((error: unknown) =>
      log("error", "lead.not_moved", { school: school.id, error }),
    );
  countEventsOf(env, school, calls.length);
  if (wakes || hasNews) announceSoon(env, { school: school.id, epoch: school.epoch, user }, { wakes: wakes ?? false });
  const carried = answer.calls ? await carryOut(env, school, user, answer.calls, deadline) : null;
  const statuses = carried || answer.statuses ? { ...answer.statuses, ...carried } : null;
  const late = calls.filter((_, n) => isOvertaken(answers[n])).map(({ type }) => type);
  // Only a count: the events are done.
  await countUnmapped(env, school.id, LATE, late).catch((error: unknown) =>
    log("error", "late.not_counted", { school: school.id, error }),
  );
  return answers.map((answer) => {
    if (isRefusal(answer)) return { problem: refusedAs(answer) };
    const text = isOvertaken(answer) ? answer.text : answer;
    // What comes as it is has no more to be said of it: calls/whole.ts.
    return { text: statuses && typeof text === "string" ? withStatuses(text, statuses) : text };
  });
}

/** As what it is counted that something happened before we told the LMS the reverse. */
const LATE = "older than our own change";

/** Gives a call its last form: tags spelled as the school does, and a long body's hash for the body. */
async function settleCall(env: Env, school: School, call: EventCall): Promise<void> {
  const event = eventOf(call.type);
  if (event?.tags) call.data = event.tags.respelled(call.data, await spellTags(env, school, tagsIn(call)));
  if (call.hash !== null && call.hash.length > 32)
    call.hash = hash53(call.hash).toString(36) + hash53(`2${call.hash}`).toString(36);
}

/** Notes which courses an event says that a bundle holds; answers with the school as it is then. */
async function learnHeld(env: Env, school: School, world: World, user: string, call: EventCall): Promise<School> {
  const held = eventOf(call.type)?.holds?.(call.data);
  if (!held || isKnownToHold(world, held.bundle, held.courses) || (await isCopy(env, school, user, call)))
    return school;
  if (!(await learnBundles(env, world, new Map([[held.bundle, held.courses]])))) return school;
  forgetSchool(school.id);
  return (await loadSchool(env, school.id)) ?? school;
}
