import type { Env } from "../src/base/env";
import { SCHOOL_IS_GONE } from "../src/base/errors/errors";
import type { ActionMessage } from "../src/calls/messages";
import { userObject } from "../src/calls/reaching/stub";
import type { SchoolReference, UserPlace } from "../src/calls/user";
import { isLead, leadId } from "../src/catalogue/facts/facts";
import { isDeleted } from "../src/db/deleting/deleted";
import { announce } from "../src/journal/announce";
import { takeBack } from "../src/journal/held/forget";
import { listedWith } from "../src/journal/listed";
import { keepChanges } from "../src/journal/tables/changes";
import { isWritten } from "../src/journal/tables/known";
import { isKnownWord } from "../src/journal/words";
import { writeLog } from "../src/journal/write";
import { linksOf } from "../src/world/links";
import { pastOf } from "../src/world/past/past";
import { withPrograms } from "../src/world/programs";
import { loadSchool, nowOf } from "../src/world/snapshot";
import { loadWorld } from "../src/world/world";
import { Addresses } from "./address/addresses";
import { Holders } from "./address/holders";
import type { Clock, SchoolSource, TurnScene } from "./scene";
import { Offers } from "./sending/offers";
import { postingOf } from "./sending/posting";
import { Store } from "./store/store";
import { Telling } from "./telling/telling";
import { Turns } from "./turns/turn";
import { Waking } from "./waking";

/** The parts of a user's object. */
export interface UserParts {
  place: UserPlace;
  clock: Clock;
  store: Store;
  telling: Telling;
  offers: Offers;
  waking: Waking;
  turns: Turns;
  holders: Holders;
  addresses: Addresses;
  source: SchoolSource;
  /** Nothing is left of the user in storage: nor is there in memory, nor an alarm. */
  forget(): Promise<void>;
  /** Leaves nothing at all. */
  clear(): Promise<void>;
  /** The same where the school was deleted, with the objects of the user's addresses and earlier ids. */
  leave(): Promise<void>;
}

const sendAll = async (queue: Queue<unknown>, messages: readonly ActionMessage[]): Promise<void> => {
  if (messages.length) await queue.sendBatch(messages.map((body) => ({ body })));
};

/** Puts the parts on the platform: here alone they get what they touch of it. */
export function userParts(
  ctx: DurableObjectState,
  env: Env,
  place: UserPlace,
  advance: (reference: SchoolReference) => Promise<unknown>,
): UserParts {
  const { storage } = ctx;
  const clock: Clock = () => Date.now();
  const background = (work: Promise<unknown>): void => ctx.waitUntil(work);
  const source: SchoolSource = {
    school: async (minStamp) => {
      const school = await loadSchool(env, place.school, { minStamp });
      return school?.epoch === place.epoch ? school : null;
    },
    isDeleted: () => isDeleted(env, place.school, place.epoch),
    now: nowOf,
    world: (school) => loadWorld(env, school),
    links: (school, born) => linksOf(env, school, born),
    readNames: (names) => names.read(env),
    past: (school) => pastOf(env, school),
    programs: (school, world, wanted) => withPrograms(env, school, world, wanted),
  };
  const store = new Store(storage, place);
  const telling = new Telling({
    place,
    store,
    clock,
    announce: (delayMs) => announce(env, [place], delayMs),
    isWritten: (items) => isWritten(env, place, items),
    write: async (batch) => {
      if (!(await keepChanges(env, [batch])).length) throw new Error("the school's feed did not take the changes");
      // Where the school is gone the alarm will find it so, and leave nothing.
      if (!(await writeLog(env, [batch])).written.length) throw new Error(SCHOOL_IS_GONE);
    },
    takeBack: (batch, below) => takeBack(env, batch, below),
  });
  const offers = new Offers({
    place,
    store,
    clock,
    send: (messages) => {
      const { deliver = [], other = [] } = Object.groupBy(messages, ({ kind }) =>
        kind === "deliver" ? kind : "other",
      );
      return Promise.all([sendAll(env.ACTIONS, other), sendAll(env.DELIVERIES, deliver)]);
    },
    background,
  });
  const at = (user: string) => userObject(env, { id: place.school, epoch: place.epoch }, user);
  const listed = async () => {
    const asked = (await listedWith(env, place)).map(async (user) => ({
      user,
      known: await at(user).addresses(place.user),
    }));
    return (await Promise.all(asked)).flatMap(({ user, known }) =>
      known?.email && leadId(known.email) === place.user ? [{ user, registeredAt: known.registeredAt }] : [],
    );
  };
  const holders = new Holders({ place, sql: storage.sql, isStored: () => store.tables.has("holders"), listed });
  const addresses = new Addresses({ place, store, clock, at });
  const waking = new Waking({
    place,
    store,
    clock,
    soon: (act) => void setTimeout(act, 0),
    setAlarm: (at) => void storage.setAlarm(at),
    source,
    telling,
    addresses,
    advance: () => advance({ id: place.school, stamp: 0, now: null }),
    offer: (school) => void offers.offer(school),
    handOn: () => sendAll(env.ACTIONS, [{ kind: "lead", school: place.school, user: place.user }]),
    // Of who was merged into another it is known for good whose all that comes for them is.
    clear: () => (holders.first !== undefined && !isLead(place.user) ? Promise.resolve() : clear()),
    leave: () => leave(),
  });
  const posting = (scene: TurnScene) => postingOf(scene, place.user, clock(), isKnownWord);
  const turns = new Turns({
    ...{ place, store, clock, source, telling, addresses, holders, waking, offers, posting, background },
  });
  const forget = async (): Promise<void> => {
    await storage.deleteAlarm();
    waking.forget();
    telling.forget();
    offers.forget();
    holders.open();
  };
  const clear = async (): Promise<void> => {
    await store.clear();
    await forget();
  };
  const leave = async (): Promise<void> => {
    // The addresses first: what is left here finds them again.
    const packed = store.load();
    const emails = isLead(place.user) ? [] : [packed?.toldAddress?.email, packed?.state?.learner.email];
    const leads = new Set(emails.flatMap((email) => (typeof email === "string" ? leadId(email) : [])));
    for (const other of [...leads, ...(packed?.merged ?? []).map(({ id }) => id)]) await at(other).leaveSchool();
    await clear();
  };
  return { place, clock, store, telling, offers, waking, turns, holders, addresses, source, forget, clear, leave };
}
