import type { Part } from "../../src/base/text/parts";
import type { BegunRun, JournalEntry, Receipt } from "../../src/calls/shape";
import type { EventAnswer, EventCall } from "../../src/calls/user";
import { callCourses } from "../../src/catalogue/enrolment/course-ids";
import { saidBy } from "../../src/catalogue/facts/changes";
import type { ToldName } from "../../src/catalogue/facts/told-names";
import { ownViewOf } from "../../src/catalogue/shown/own-view";
import { presentedParts, presentLearner } from "../../src/catalogue/shown/present";
import { lmsOf } from "../../src/connectors";
import { tracedBy } from "../../src/engine/identity";
import type { JournalFact, UserState } from "../../src/engine/types";
import { emptyPacked } from "../packed/packed";
import type { TurnScene } from "../scene";
import { overtakenOf, receiptsNow } from "../sending/receipts";
import type { Store } from "../store/store";
import type { Turns } from "./turn";

export interface EventParts {
  store: Pick<Store, "load" | "save" | "eventBefore" | "ended">;
  turns: Pick<Turns, "happen" | "noteNames">;
}

/** An answer, as the parts that it is made of. */
type Text = readonly Part[];

/** What the answers to some events share. */
interface Answering {
  /** Given the deliveries of changes that synchronous runs made and that wait. */
  late: Set<string>;
  /** Answers leave the user out. */
  isMinimal: boolean;
}

/**
 * Judges an event, within a turn; the same event again gets the first one's facts and runs. One that is refused leaves
 * nothing, not even its id.
 */
export function takeEvent(
  parts: EventParts,
  scene: TurnScene,
  sent: EventCall,
  { late, isMinimal }: Answering,
): EventAnswer<Text> {
  const { store, turns } = parts;
  const { courseId } = scene.world.school;
  const call = { ...sent, data: callCourses(sent.data, courseId) };
  const { id, hash, type, attributes, from, method, hand, held, fire } = call;
  const before = hash === null ? null : store.eventBefore(id, hash);
  if (before)
    return before.hash === hash ? answerAgain(call, before.entry, store, scene, isMinimal) : { kind: "other_body" };
  const said = saidBy({ type, data: call.data });
  const overtaken =
    call.at !== null && from === undefined && lmsOf(scene.school.settings.connectors)
      ? overtakenOf(store, said, call.at)
      : new Set();
  if (overtaken.size > 0 && overtaken.size === said.length)
    return {
      kind: "overtaken",
      text: answerOf({ ...NOTHING, call, state: store.load()?.state ?? null, scene, isMinimal }),
    };
  const left = said.filter((one) => !overtaken.has(one));
  const data = overtaken.size ? { ...call.data, tag: left.map((one) => one.data.tag) } : call.data;
  const packed = store.load() ?? emptyPacked(scene.school.mode, scene.born());
  const isNew = !packed.state || packed.isFresh === true;
  const at = call.at ?? scene.now;
  const more = { ...(isNew ? { isNew } : {}), ...(held ? { held } : {}), ...(fire ? { fire } : {}) };
  const who = {
    ...(from ? { from } : {}),
    ...(method === undefined ? {} : { method }),
    ...(hand === undefined ? {} : { hand }),
    ...tracedBy(call),
  };
  const input = { kind: "event", type, data, attributes, at, ...who, ...more } as const;
  const { state, effects, refused, receipts } = turns.happen(packed, scene, input, { id, hash });
  if (refused) {
    // Whatever was due before it has happened.
    if (packed.state) store.save(packed);
    return { kind: "limit", ...refused };
  }
  delete packed.isFresh;
  const names = call.names?.map(([kind, id, name]): ToldName => [kind, kind === "course" ? courseId(id) : id, name]);
  if (names) turns.noteNames(packed, scene, names);
  store.save(packed);
  for (const { status, delivery_id } of receipts) if (status === "late") late.add(delivery_id);
  const runs = effects.begun.flatMap((run): BegunRun[] => {
    const now = effects.runs.get(run);
    return now ? [[now.id, now.automation, now.synchronous, now.status]] : [];
  });
  const text = answerOf({ call, duplicate: false, facts: effects.facts, runs, receipts, state, scene, isMinimal });
  return overtaken.size ? { kind: "overtaken", text } : text;
}

const NOTHING = { duplicate: false, facts: [], runs: [], receipts: [] };

interface Answered {
  call: EventCall;
  duplicate: boolean;
  facts: readonly JournalFact[];
  runs: readonly BegunRun[];
  receipts: readonly Receipt[];
  state: UserState | null;
  scene: TurnScene;
  isMinimal: boolean;
}

/** The answer to an event (contract §4), as JSON. Learners are told what they did and may see, of automations nothing. */
function answerOf({ call, duplicate, facts, runs, receipts, state, scene, isMinimal }: Answered): Text {
  const told = facts.flatMap(({ type, data, hidden, by }) => (hidden ? [] : [{ type, data, by }]));
  const isLearner = call.from === "learner";
  const answer = JSON.stringify({
    id: call.id,
    duplicate,
    facts: told
      .filter(({ by }) => !isLearner || by === undefined || by.by === "learner")
      .map(({ type, data }) => ({ type, data })),
    runs: (isLearner ? [] : runs).map(([run, automation_id, synchronous, status]) => ({
      id: run,
      automation_id,
      synchronous,
      status,
      ...(synchronous ? { receipts: receiptsOf(receipts, run) } : {}),
    })),
  });
  if (isMinimal) return [answer];
  return [`${answer.slice(0, -1)},"user":`, ...userText(state, isLearner, scene), "}"];
}

function userText(state: UserState | null, isLearner: boolean, { school, world }: TurnScene): Text {
  if (!state) return ["null"];
  if (!isLearner) return presentedParts(state.learner, world.school);
  return [JSON.stringify(ownViewOf(presentLearner(state.learner, world.school), school.settings.visible))];
}

const receiptsOf = (receipts: readonly Receipt[], run: string): Omit<Receipt, "run">[] =>
  receipts.flatMap(({ run: of, ...receipt }) => (of === run ? [receipt] : []));

/** The answer to a copy, user and receipts as of now. @param entry null: whose it was has been erased since */
function answerAgain(
  call: EventCall,
  entry: JournalEntry | null,
  store: EventParts["store"],
  scene: TurnScene,
  isMinimal: boolean,
): Text {
  const { facts = [], runs = [], receipts = [] } = entry ?? {};
  const state = entry ? (store.load()?.state ?? null) : null;
  return answerOf({
    call,
    duplicate: true,
    facts,
    runs,
    receipts: receiptsNow(store, receipts),
    state,
    scene,
    isMinimal,
  });
}
