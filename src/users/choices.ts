import type { Env } from "../base/env";
import { type Fault, invalid, notFound, pointer } from "../base/errors/errors";
import { userObject } from "../calls/reaching/stub";
import type { Origin } from "../catalogue/facts/givers";
import type { School } from "../world/snapshot";
import { changeUser } from "./change";
import { changeOf, ofUser, whoIs } from "./merging/moved";

/*
 * What learners choose themselves: whether marketing and cookies are welcome, and which kinds of mail.
 */

export interface Choices {
  marketing_consent: boolean;
  cookies_accepted: boolean;
  /** The kinds of mail that the school has, each with whether the learner wants it. */
  topics: { id: string; name: string; on: boolean }[];
}

/** Who chooses, and what. `knownAt`: when the learner was first heard of, by the school's clock; `timezone`: null: the school's; `locale`: null: not known. */
export interface Chooser {
  choices: Choices;
  knownAt: number;
  timezone: string | null;
  locale: string | null;
}

/** What a learner has chosen; 404 where there is no such user. */
export async function readChoices(env: Env, school: School, id: string): Promise<Chooser> {
  const state = await ofUser(env, school, id, (user) => userObject(env, school, user).state());
  if (!state) throw notFound("user");
  const { marketingConsent, cookiesAccepted, topicsOff, knownAt, timezone, locale } = state.learner;
  const topics = (school.settings.mail?.topics ?? []).map((topic) => ({ ...topic, on: !topicsOff.includes(topic.id) }));
  const choices = { marketing_consent: marketingConsent === true, cookies_accepted: cookiesAccepted === true, topics };
  return { choices, knownAt, timezone, locale };
}

export interface ChoicesChange {
  marketing_consent?: boolean | undefined;
  cookies_accepted?: boolean | undefined;
  /** By id. */
  topics?: Readonly<Record<string, boolean>> | undefined;
}

/** The link or the token is their own: whoever has it speaks for the learner. */
const BY_LEARNER: Origin = { by: "learner", id: null };

/** What of it names a kind of mail that the school has not. */
export function faultsOfTopics(school: School, topics: Readonly<Record<string, unknown>>): Fault[] {
  const known = new Set((school.settings.mail?.topics ?? []).map((topic) => topic.id));
  const unknown = Object.keys(topics).filter((topic) => !known.has(topic));
  return unknown.map((topic) => ({ path: pointer(["topics", topic]), message: "there is no such kind of mail" }));
}

/** Changes them; 404 where there is no such user, 422 for a kind of mail that the school has not. */
export async function changeChoices(
  env: Env,
  school: School,
  id: string,
  { topics = {}, marketing_consent, cookies_accepted }: ChoicesChange,
): Promise<Choices> {
  const faults = faultsOfTopics(school, topics);
  if (faults.length) throw invalid(faults);
  const user = await whoIs(env, school, id);
  const { choices: before } = await readChoices(env, school, user);
  const attributes = {
    ...(marketing_consent === undefined || marketing_consent === before.marketing_consent ? {} : { marketing_consent }),
    ...(cookies_accepted === undefined || cookies_accepted === before.cookies_accepted ? {} : { cookies_accepted }),
  };
  if (Object.keys(attributes).length) await changeUser(env, school, user, attributes, BY_LEARNER);
  if (Object.keys(topics).length) {
    const input = { kind: "choose", topics, origin: BY_LEARNER } as const;
    await changeOf(env, school, user, input, { creates: false });
  }
  return (await readChoices(env, school, user)).choices;
}
