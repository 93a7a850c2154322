import { eventOf } from "../catalogue";
import { USER_UPDATED } from "../catalogue/account/facts";
import { callList } from "../catalogue/enrolment/course-ids";
import type { Input, Refusal } from "./inputs/input";
import { noteGoal, noteInStep } from "./runs";
import { advance, control, newState, retry, step } from "./step";
import type { Effects, Run, UserState, World } from "./types";
import { noEffects, touch } from "./work";

type EventInput = Extract<Input, { kind: "event" }>;
/** A change that is no event. */
export type Change = Exclude<Input, EventInput>;

/**
 * All that may happen to a user, as the journal keeps it: JSON. Whatever changes a state is one of these, so that the
 * state of any moment is what an earlier one becomes by those since.
 */
export type Played =
  /** `isNew`: the user was not known before; `held`: what a bundle holds for this event, where the world has others. */
  | (Omit<EventInput, "event" | "id"> & { isNew?: true; held?: HeldCourses })
  | (Change & { isNew?: true })
  /** Time was let pass up to a moment; a test school's clock jumps from one thing due to the next: see `advance`. */
  | { kind: "time"; until: number; jumps?: true; maxSteps?: number }
  | { kind: "control"; run: string; what: "cancel" | "skip" }
  | { kind: "retry"; run: Run }
  /** The LMS said no to what a step changed. */
  | { kind: "lms_refused"; run: string; step: string; round?: number; said: Record<string, unknown> }
  /** What an automation is to bring about has come, while its run is live. */
  | { kind: "goal_reached"; run: string; fact: string }
  /** Devices that are no more. */
  | { kind: "tokens_gone"; tokens: readonly string[] }
  /** What is known of the user came from elsewhere: a lead was taken over. */
  | { kind: "given"; state: UserState };

/** A bundle and its courses, as an event told of them. */
export interface HeldCourses {
  bundle: string;
  courses: readonly string[];
}

/** Something that happened, and when. */
export interface Moment {
  input: Played;
  /** Of an event. */
  eventId: string | null;
  /** The school's clock, ms. */
  at: number;
}

export interface Outcome {
  state: UserState;
  /** What was due before an input was judged. */
  before: Effects;
  effects: Effects;
  /** Undefined: as before. */
  nextWake: number | null | undefined;
  /** Why an input was not taken: nothing of it happened. */
  refused: Refusal | null;
  /** Of `control` and `retry`: false where the run is not in a state for it. */
  done: boolean;
  /** Of `time`: false where the limit of steps left something undone. */
  finished: boolean;
  /** Where the clock got to, ms. */
  now: number;
}

type PlayedAs<K extends Played["kind"]> = Extract<Played, { kind: K }>;
type Step = Partial<Outcome> & Pick<Outcome, "effects">;

/** What is no input of `step`. */
const PLAY: {
  [K in Exclude<Played["kind"], Input["kind"]>]: (
    state: UserState,
    input: PlayedAs<K>,
    world: World,
    now: number,
  ) => Step;
} = {
  time: (state, { until, jumps, maxSteps }, world, now) =>
    advance(state, world, until, {
      jumps: jumps ?? false,
      from: now,
      ...(maxSteps === undefined ? {} : { maxSteps }),
    }),
  control: (state, { run, what }, world, now) => control(state, world, now, run, what),
  retry: (state, { run }, world, now) => retry(state, world, now, structuredClone(run)),
  tokens_gone: (state, { tokens }) => {
    state.learner.pushTokens = state.learner.pushTokens.filter((one) => !tokens.includes(one));
    return { effects: noEffects() };
  },
  lms_refused: (state, { run: id, step, round, said }) => {
    const effects = noEffects();
    const run = state.runs.find((one) => one.id === id);
    if (run && noteInStep(run, step, said, round)) touch({ effects }, run);
    return { effects };
  },
  goal_reached: (state, { run: id, fact }, _, now) => {
    const effects = noEffects();
    const run = state.runs.find((one) => one.id === id);
    if (run) {
      noteGoal(run, fact, now);
      touch({ effects }, run);
    }
    return { effects };
  },
  given: (before, { state }, _, now) => {
    const effects = noEffects();
    const values = { marketing_consent: state.learner.marketingConsent };
    // Of what a lead leaves to its user the LMS is told what it keeps of a user too.
    if (values.marketing_consent !== before.learner.marketingConsent)
      effects.changes.push({
        type: USER_UPDATED,
        data: { changed: ["marketing_consent"], values },
        cause: { type: "merge", id: null },
        at: now,
      });
    return { state: structuredClone(state), effects };
  },
};

const isStepped = (input: Played): input is PlayedAs<Input["kind"]> => !Object.hasOwn(PLAY, input.kind);

/**
 * Lets it happen. The same state, moment and world give the same: in the user's object, and whenever the past is told
 * again.
 * @param state changed in place; null: the user is not known
 */
export function play(state: UserState | null, user: string, moment: Moment, world: World): Outcome {
  const { input, at: now } = moment;
  const of = state ?? newState(user, now, input.kind === "event" ? input.at : now);
  const outcome = {
    state: of,
    before: noEffects(),
    nextWake: undefined,
    refused: null,
    done: true,
    finished: true,
    now,
  };
  if (isStepped(input)) {
    const { isNew, ...rest } = input;
    const holding = "held" in rest && rest.held ? withCourses(world, rest.held) : world;
    return { ...outcome, ...step(of, inputOf(rest, moment.eventId), holding, now, isNew) };
  }
  // The table has, for each kind, the function that takes inputs of that kind.
  const act = PLAY[input.kind] as (state: UserState, input: Played, world: World, now: number) => Step;
  return { ...outcome, ...act(of, input, world, now) };
}

const withCourses = (world: World, { bundle, courses }: HeldCourses): World => ({
  ...world,
  school: {
    ...world.school,
    bundles: new Map(world.school.bundles).set(bundle, callList(courses, world.school.courseId)),
  },
});

function inputOf(
  input: (Omit<EventInput, "event" | "id"> & { held?: HeldCourses }) | Change,
  eventId: string | null,
): Input {
  if (input.kind !== "event") return input;
  const event = eventOf(input.type);
  if (!event) throw new Error(`unknown event ${input.type}`);
  const { held: _, ...rest } = input;
  return { ...rest, event, id: eventId ?? "" };
}
