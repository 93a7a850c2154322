import type { Env } from "../base/env";
import { notFound } from "../base/errors/errors";
import { userObject } from "../calls/reaching/stub";
import { triggers } from "../catalogue";
import { addressKey } from "../catalogue/account/email";
import { whyOfCategory } from "../catalogue/categories";
import { type ChannelName, channelNames, channelOf } from "../catalogue/channels";
import { formatInstant } from "../catalogue/dates/time";
import type { ListPage, ListQuery } from "../db/lists/list";
import { advance } from "../engine/step";
import type { UserState } from "../engine/types";
import { ofUser } from "../users/merging/moved";
import { withNames } from "../world/naming/names";
import { withPrograms } from "../world/programs";
import { nowOf, type School } from "../world/snapshot";
import { loadWorld } from "../world/world";
import { type DeliveryRow, listDeliveries } from "./runs/deliveries";

/*
 * What learners are told of the messages to them: about what and when, and in plain words what they came of. Never what
 * they say, where they went, or which automation, tag or segment was behind them.
 */

export interface OwnMessage {
  channel: string;
  /** Null: it has none. */
  subject: string | null;
  /** When it was, or is to be, sent. */
  at: string;
}

export interface OwnDelivery extends OwnMessage {
  id: string;
  status: "sent" | "waits" | "not_sent";
  /** What it came of; null: nothing is to be said. */
  why: string | null;
}

/** Who is meant by an id of their own, and their state; 404 where nobody is. */
async function own(env: Env, school: School, id: string): Promise<{ user: string; state: UserState }> {
  const found = await ofUser(env, school, id, async (user) => {
    const state = await userObject(env, school, user).state();
    return state && { user, state };
  });
  if (!found) throw notFound("user");
  return found;
}

const subjectOf = (content: Readonly<Record<string, unknown>>): string | null => {
  const { subject, title } = content;
  return typeof subject === "string" ? subject : typeof title === "string" ? title : null;
};

const isChannel = (name: string): name is ChannelName => channelNames.some((one) => one === name);

/** Whether a message goes to the learner: what mail to others says is not theirs to read. */
function goesToLearner(channel: string, to: readonly string[], addresses: ReadonlySet<string>): boolean {
  if (!isChannel(channel)) return false;
  const { isRead, isMail } = channelOf(channel);
  return isRead === true && (!isMail || to.every((one) => addresses.has(addressKey(one))));
}

/** All addresses that were, or are, the learner's. */
async function addressesOf(env: Env, school: School, user: string): Promise<Set<string>> {
  const known = await userObject(env, school, user).addresses();
  return new Set([known?.email ?? [], known?.others ?? []].flat().map(addressKey));
}

/** What is said of a message that no run sent. */
const BY_HAND = "somebody at the school wrote it to you";

const STATUS: Readonly<Record<string, OwnDelivery["status"]>> = { sent: "sent", captured: "sent", queued: "waits" };

/** Whatever came of it is found by what the run began with, as far as runs are kept. */
const RUNS = 500;

/** A page of the messages to a learner; as some are passed over, it may hold fewer than asked for. */
export async function ownDeliveries(
  env: Env,
  school: School,
  id: string,
  query: ListQuery,
): Promise<ListPage<OwnDelivery>> {
  const { user } = await own(env, school, id);
  const [{ data, next_cursor }, addresses, runs] = await Promise.all([
    listDeliveries(env, school, { ...query, user }),
    addressesOf(env, school, user),
    userObject(env, school, user).ownRuns({ limit: RUNS, newestFirst: true }),
  ]);
  const began = new Map(runs.map((run) => [run.id, run.trigger.type]));
  return { data: data.flatMap((row) => shown(row, addresses, began.get(row.run))), next_cursor };
}

function shown(row: DeliveryRow, addresses: ReadonlySet<string>, began: string | undefined): OwnDelivery[] {
  // The log's own JSON, written by writeLog from the engine's deliveries.
  const to = JSON.parse(row.to) as string[];
  if (!goesToLearner(row.channel, to, addresses)) return [];
  const content = JSON.parse(row.content) as Record<string, unknown>;
  const attempts = JSON.parse(row.attempts) as { at: number }[];
  const category = began === undefined ? undefined : triggers.get(began)?.category;
  return [
    {
      id: row.id,
      channel: row.channel,
      subject: subjectOf(content),
      at: formatInstant(row.waitsUntil ?? attempts.at(-1)?.at ?? row.createdAt),
      status: STATUS[row.status] ?? "not_sent",
      why: row.run === "" ? BY_HAND : category === undefined ? null : whyOfCategory(category),
    },
  ];
}

/** So far ahead it is looked for what is planned, and for so many steps. */
const AHEAD_MS = 60 * 86_400_000;
const MOST_STEPS = 500;

/** What is to go to a learner as things stand, if nothing else happens: soonest first. */
export async function ownPlanned(env: Env, school: School, id: string): Promise<OwnMessage[]> {
  const { user, state } = await own(env, school, id);
  const [addresses, waiting] = await Promise.all([
    addressesOf(env, school, user),
    userObject(env, school, user).ownDeliveries({ status: "queued", limit: RUNS, newestFirst: false }),
  ]);
  const held = waiting.map(({ channel, to, content, waitsUntil, createdAt }) => ({
    ...{ channel, to, content },
    at: waitsUntil ?? createdAt,
  }));
  const planned = (await aheadOf(env, school, state)).map(({ channel, to, content, createdAt }) => ({
    ...{ channel, to, content },
    at: createdAt,
  }));
  return [...held, ...planned]
    .filter(({ channel, to }) => goesToLearner(channel, to, addresses))
    .sort((one, other) => one.at - other.at)
    .map(({ channel, content, at }) => ({ channel, subject: subjectOf(content), at: formatInstant(at) }));
}

/** What the live runs of a user will send if only time passes. */
async function aheadOf(env: Env, school: School, state: UserState) {
  if (!state.runs.length) return [];
  const live = new Set(state.runs.map((run) => run.id));
  const now = nowOf(school);
  const world = await withPrograms(env, school, await loadWorld(env, school), state.runs);
  const { effects } = await withNames(env, school, world.school, (view) =>
    advance(structuredClone(state), { ...world, school: view }, now + AHEAD_MS, {
      ...{ jumps: true, from: now, maxSteps: MOST_STEPS },
    }),
  );
  return effects.deliveries.filter(({ run, status }) => live.has(run) && status === "queued");
}
