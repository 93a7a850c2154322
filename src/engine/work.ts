import { type Cause, type Change, isOurs } from "../catalogue/facts/changes";
import { isLead, type MakeOptions, type Turn, type View } from "../catalogue/facts/facts";
import type { Origin } from "../catalogue/facts/givers";
import { movedBy, type Read } from "../catalogue/segments/reads";
import { remembersTags, tagsNow } from "../catalogue/tags/change";
import { type Traced, tracedBy, traceOfEvent } from "./identity";
import type { Effects, Happening, JournalFact, MissedFact, Run, UserState, World } from "./types";

/** What brought a fact about. */
export interface Causes extends Traced {
  origin: Origin;
  eventId: string | null;
  chain: string[];
  lineage: string[];
  quiet: boolean;
  /** Its facts start automations, however long they happened before these were active. */
  fires?: boolean;
}

/** Of what time alone brings about. */
export const OUTSIDE: Causes = {
  origin: { by: "time", id: null },
  eventId: null,
  chain: [],
  lineage: [],
  quiet: false,
};

/** One call of the engine under way. The state is changed in place: see `step.ts`. */
export interface Work {
  state: UserState;
  world: World;
  /** The school's clock. */
  now: number;
  effects: Effects;
  /** Facts whose turn has not come. */
  queue: { happening: Happening; journal: JournalFact }[];
  /** What rules may read anew since they were last followed. */
  moved: Set<Read>;
  /** Segments that the user joined or left in the turn at hand, each with the call that saw to it. */
  turned: Map<string, number>;
  /** What is judged again since it came too late: what comes too late of that is left to what happens next. */
  settles: boolean;
  /** School and user as one text: part of every id that is made here. */
  owner: string;
}

export const noEffects = (): Effects => ({
  facts: [],
  changes: [],
  runs: new Map(),
  changed: new Set(),
  begun: [],
  deliveries: [],
  steps: 0,
});

export const begin = (state: UserState, world: World, now: number): Work => ({
  state,
  world,
  now: Math.max(now, state.clock),
  effects: noEffects(),
  queue: [],
  moved: new Set(),
  turned: new Map(),
  settles: false,
  owner: JSON.stringify([world.school.id, state.learner.id]),
});

/** Something else happens to the user from here on. */
export function beginTurn(work: Work): void {
  work.turned.clear();
  work.settles = false;
}

function noteMoved(work: Work, type: string): void {
  const read = movedBy(type);
  if (read) work.moved.add(read);
}

/** Makes a fact: it is put behind those whose turn has not come. */
export function make(
  work: Work,
  causes: Causes,
  at: number,
  type: string,
  data: Record<string, unknown>,
  options: MakeOptions & { only?: string[]; missed?: MissedFact | undefined } = {},
): void {
  const { state, effects } = work;
  const { hidden = false, by = causes.origin } = options;
  noteMoved(work, type);
  const quiet = causes.quiet || state.gone === true;
  const tagsThen = remembersTags(type) ? tagsNow(state.learner) : undefined;
  const happening: Happening = {
    type,
    data,
    at,
    order: ++state.order,
    eventId: causes.eventId,
    ...tracedBy(causes),
    chain: causes.chain,
    lineage: causes.lineage,
    quiet,
    hidden,
    ...(causes.fires ? { fires: true } : {}),
    ...(tagsThen ? { tagsThen, pastTagsThen: [...state.learner.pastTags] } : {}),
    ...(options.only ? { only: options.only } : {}),
    ...(options.missed ? { missed: options.missed } : {}),
  };
  const journal: JournalFact = {
    type,
    data,
    at,
    ...(isOfEvent(by, causes) ? {} : { by }),
    ...(causes.origin.by === "run" && causes.origin.id !== null && by.by !== "run" ? { run: causes.origin.id } : {}),
    ...(quiet ? { quiet: true } : {}),
    ...(hidden ? { hidden: true } : {}),
    decisions: [],
  };
  effects.facts.push(journal);
  work.queue.push({ happening, journal });
}

/** The word of an event for a segment is somebody's hand. */
const CAUSES: Partial<Record<Origin["by"], Cause["type"]>> = { event: "hand", time: "expiry" };

/** Notes what the LMS is to hear of; nothing of a lead, whom it does not know. */
function tell(work: Work, causes: Causes, origin: Origin, change: Change): void {
  noteMoved(work, change.type);
  // What the LMS told us it knows.
  if (origin.by === "event" && !isOurs(change.type)) return;
  if (isLead(work.state.learner.id)) return;
  // An origin that is not named above is a cause by the same name.
  const type = CAUSES[origin.by] ?? (origin.by as Cause["type"]);
  work.effects.changes.push({ ...change, cause: { type, id: origin.id }, at: work.now, ...tracedAs(work, causes) });
}

/** What was told leaves by the trace of the event behind it. */
const tracedAs = ({ owner }: Work, { trace, eventId }: Causes): Traced => {
  if (trace !== undefined) return { trace };
  return eventId === null ? {} : { trace: traceOfEvent(owner, eventId) };
};

/** What the journal's entry says of the fact already. */
const isOfEvent = ({ by, id }: Origin, { eventId }: Causes): boolean => by === "event" && id !== null && id === eventId;

/** What the catalogue's changes are given, for something that happened at a time. */
export const turnOf = (work: Work, causes: Causes, at: number): Turn => {
  const order = ++work.state.order;
  const by = (origin: Origin): Turn => ({
    learner: work.state.learner,
    school: work.world.school,
    at,
    now: work.now,
    order,
    lineage: causes.lineage,
    giver: { ...origin, at: work.now },
    make: (type, data, options) => make(work, causes, at, type, data, { by: origin, ...options }),
    // The data is that of the very type, by the signature of `tell`.
    tell: (type, data) => tell(work, causes, origin, { type, data } as Change),
    by,
  });
  return by(causes.origin);
};

/** What the conditions of a run look at. */
export const viewOf = (work: Work, run: Run): View => ({
  learner: work.state.learner,
  school: work.world.school,
  now: work.now,
  fact: run.trigger,
  starts: Math.max(0, (work.state.starts[run.automation]?.count ?? 0) - 1),
});

export const causesOf = (run: Run, quiet = false): Causes => ({
  origin: { by: "run", id: run.id },
  eventId: run.eventId,
  ...tracedBy(run),
  chain: run.chain,
  lineage: run.lineage,
  quiet,
});

/** Notes that a run began or changed. */
export function touch({ effects }: { effects: Effects }, run: Run): void {
  effects.runs.set(run.id, run);
  effects.changed.add(run);
}

/** A link of a chain: a run, and whose it is. */
export const linkOf = (run: Pick<Run, "automation" | "id">): string => `${run.automation} ${run.id}`;
export const isLinkOf = (automation: string, link: string): boolean => link.startsWith(`${automation} `);

export const union = (one: readonly string[], other: readonly string[]): string[] => [...new Set([...one, ...other])];
