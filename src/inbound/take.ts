import type { Env } from "../base/env";
import { type Fault, Problem } from "../base/errors/errors";
import { canonical } from "../base/json";
import { log } from "../base/reports/log";
import { asDeed } from "../calls/reaching/deed";
import type { ToldName } from "../catalogue/facts/told-names";
import { countUnused, type Unused } from "../db/unmapped";
import { hash53 } from "../engine/identity";
import { ingestAll } from "../users/events/batch";
import { UNREAD } from "../users/events/carry";
import { checkEvent } from "../users/events/event";
import type { Aside, Ingested } from "../users/events/ingest";
import { nowOf, type School } from "../world/snapshot";
import { loadWorld } from "../world/world";
import { fitEvents } from "./fit";
import { eventId, type InboundEvent, type Mapped } from "./mapped";
import { inTheirWords, type Places } from "./words";

/*
 * What all ways in of other formats do with a message, once it is mapped: its values are made to fit, what cannot be used
 * is counted with its place and kept to be tried again, and the rest is taken.
 */

/** A way in. */
export interface Format {
  /** As it is shown: "segment", "xapi" … */
  name: string;
  places: Places;
  /** What a message is called where it is counted. */
  called(message: unknown): string;
  /** An id that came with another body is told; else it is a copy that differs in what does not count. */
  tellsConflicts?: true;
}

/** A message that came, and what it was mapped to. */
export interface Came {
  mapped: Mapped;
  /** As it came. */
  message: unknown;
  /** What trying it again must know besides. */
  how?: Record<string, unknown>;
  /** Its id was made by chance: sent again, it has another. */
  isByChance?: boolean;
  /** What of it could not even be read, by its place in it. */
  unread?: readonly Fault[];
}

/** What became of a message. */
export interface Taken {
  /** Of its events; none where it says nothing to us, or was refused. */
  results: Ingested[];
  /** Why none of it was taken. */
  refusal: Problem | null;
  /** What of it was not used; none where all was. */
  unused: Unused[];
}

interface Prepared extends Pick<Taken, "refusal" | "unused"> {
  events: InboundEvent[];
  /** What they call products. */
  names: readonly ToldName[];
}

/** So much of what is wrong with one message is told. */
const MAX_TOLD = 10;

/**
 * Takes messages in their order; one that cannot be taken stops no other.
 * @param trace that whoever sent them named; null: none
 */
export async function takeMessages(
  env: Env,
  school: School,
  format: Format,
  came: readonly Came[],
  trace: string | null,
): Promise<Taken[]> {
  const take = () => attempt(env, school, format, came, { trace, identified: (events) => events });
  // Where one of them has no id, none is to be sent again because another was shed: that waits, as after a deed.
  const taken = await (came.length > 1 && came.some(hasNoId) ? asDeed({ isDone: true }, take) : take());
  const unused = taken.flatMap((one) => one.unused);
  await countUnused(env, school.id, format.name, unused).catch((error: unknown) => {
    // Where something was taken, a refusal would have all of it sent again: what came without an id would be done twice.
    if (!taken.some(({ results }) => results.some((result) => "text" in result))) throw error;
    log("error", "unused.not_counted", { school: school.id, subject: format.name, error });
  });
  return taken;
}

const hasNoId = ({ mapped, isByChance }: Came): boolean =>
  isByChance === true || ("events" in mapped && mapped.events.some(({ id }) => id === undefined));

/** Takes a message that came before once more; what of it was taken then is a copy. */
export async function takeAgain(env: Env, school: School, format: Format, came: Came): Promise<Taken> {
  const [first] = await attempt(env, school, format, [came], { trace: null, identified: (events) => events });
  const isAnother = first?.results.some((result) => "problem" in result && result.problem.kind === "conflict");
  if (first && !isAnother) return first;
  // With what can be used now it says more than then: it is another event.
  const identified = (events: InboundEvent[]) => Promise.all(events.map(asAnother));
  const [again] = await attempt(env, school, format, [came], { trace: null, identified });
  if (!again) throw new Error("nothing became of a message");
  return again;
}

async function asAnother(event: InboundEvent): Promise<InboundEvent> {
  if (event.id === undefined) return event;
  return { ...event, id: await eventId(`${event.id}:${hash53(canonical(event)).toString(36)}`) };
}

interface Attempt {
  trace: string | null;
  identified(events: InboundEvent[]): InboundEvent[] | Promise<InboundEvent[]>;
}

async function attempt(
  env: Env,
  school: School,
  format: Format,
  came: readonly Came[],
  { trace, identified }: Attempt,
): Promise<Taken[]> {
  const prepared = await prepare(env, school, format, came);
  const events: InboundEvent[] = [];
  const asides = new Map<number, Aside>();
  for (const one of prepared) {
    const { names } = one;
    for (const [index, { at, ...event }] of (await identified(one.events)).entries()) {
      const told = index === 0 && names.length ? names : undefined;
      if (told || at !== undefined)
        asides.set(events.length, { ...(told ? { names: told } : {}), ...(at === undefined ? {} : { at }) });
      events.push(event);
    }
  }
  const results = await ingestAll(env, school, events, new Map(), UNREAD, { asides, trace });
  return prepared.map((one, n) => {
    const own = results.splice(0, one.events.length);
    const problem = own.flatMap((result) => ("problem" in result ? result.problem : []))[0];
    const message = came[n];
    // What is busy is no fault of the message: it is sent again.
    const isCopy = problem?.kind === "conflict" && !format.tellsConflicts;
    const isUsed = !problem || isCopy || problem.kind === "unavailable" || !message;
    const unused = isUsed ? one.unused : [...one.unused, ...unusedOf(format, message, faultsIn(problem, format))];
    return { results: own, refusal: one.refusal, unused };
  });
}

/** Makes the values of messages fit, and finds those of which our schema would refuse an event even so. */
async function prepare(env: Env, school: School, format: Format, came: readonly Came[]): Promise<Prepared[]> {
  const { school: seen } = await loadWorld(env, school);
  const now = nowOf(school);
  return came.map((one): Prepared => {
    const unread = one.unread ?? [];
    if ("unmapped" in one.mapped) {
      const { user } = one.mapped;
      const unused = [unusedAs(one, one.mapped.unmapped, user), ...unusedOf(format, one, unread, user)];
      return { events: [], names: [], refusal: null, unused };
    }
    const { value: events, leftOut } = fitEvents(one.mapped.events, seen.fields, now);
    const refusal = refusalOf(events, (event) => checkEvent(withoutTime(event), seen, { kind: "school" }, now));
    const told = inTheirWords(new Problem("invalid", "", leftOut), format.places).faults ?? [];
    const faults = [...unread, ...(refusal ? faultsIn(refusal, format) : told)];
    const user = userOf(one.mapped.events);
    const { names = [] } = one.mapped;
    return { events: refusal ? [] : events, names, refusal, unused: unusedOf(format, one, faults, user) };
  });
}

const withoutTime = ({ at: _, ...event }: InboundEvent) => event;

function refusalOf(events: readonly InboundEvent[], check: (event: InboundEvent) => unknown): Problem | null {
  for (const event of events) {
    try {
      check(event);
    } catch (problem) {
      if (problem instanceof Problem) return problem;
      throw problem;
    }
  }
  return null;
}

const faultsIn = (problem: Problem, { places }: Format): Fault[] =>
  inTheirWords(problem, places).faults ?? [{ path: "", message: problem.detail }];

const userOf = (events: readonly InboundEvent[]): string | undefined => {
  const id = events[0]?.user.id;
  return typeof id === "string" ? id : undefined;
};

function unusedOf(
  format: Format,
  came: Came,
  faults: readonly Fault[],
  user = "events" in came.mapped ? userOf(came.mapped.events) : undefined,
): Unused[] {
  const called = format.called(came.message);
  return faults.slice(0, MAX_TOLD).map(({ path, message }) => ({
    ...unusedAs(came, `${called}: ${path === "" ? "" : `${path} `}${message}`, user),
    path,
    message,
  }));
}

const unusedAs = ({ message, how }: Came, name: string, user: string | undefined): Unused => ({
  name,
  body: { message, ...(how ? { how } : {}) },
  user,
});
