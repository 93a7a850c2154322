import { trimmed } from "../../base/text/text";
import { parseInstant } from "../../catalogue/dates/time";
import { tagKey } from "../../catalogue/tags/key";
import { defined, idIn, type Loose, listIn, numberIn, objectIn, textIn } from "../read";
import { pastTime } from "../times";

/*
 * The user object in LearnWorlds' webhooks. It says how things stand, never what changed: that is found by what was
 * seen of the user before.
 */

/** What a user's webhooks said last. */
export interface SeenUser {
  /** As the last webhook about tags had them, or the first one of any kind. */
  tags: string[];
  /** `signup_approval_status`. */
  approval: string | null;
  nps: { score: number; comment: string | null } | null;
  /** `last_login` in seconds. */
  loginAt: number | null;
  /** Subscriptions of which a trial was told. */
  trials: string[];
}

/** The user of a webhook: in `data`, in it twice over, or `data` itself. */
export function userIn(data: Loose): Loose {
  const user = objectIn(data.user);
  if (Object.keys(user).length === 0) return data;
  return "user" in user ? objectIn(user.user) : user;
}

/** Seconds, whole: the same time comes with a fraction and without. Text is a date. */
export function secondsIn(value: unknown): number | undefined {
  const ms = typeof value === "string" ? parseInstant(value) : null;
  const seconds = ms === null ? numberIn(value) : ms / 1_000;
  return seconds === undefined ? undefined : Math.floor(seconds);
}

export const createdAt = (user: Loose): number | undefined => secondsIn(user.created ?? user.created_at);

const MAX_VALUE_LENGTH = 10_000;
const MAX_TAG_LENGTH = 128;

/**
 * The attributes of a user, as they stand there.
 * @param now the school's time, ms
 */
export function attributesOf(user: Loose, now: number) {
  const utms = objectIn(user.utms ?? user.utm);
  const created = createdAt(user);
  const names = [textIn(user.first_name), textIn(user.last_name)].filter((name) => name !== undefined).join(" ");
  const consent = user.subscribed_for_marketing_emails;
  return defined({
    email: user.email ?? undefined,
    username: textIn(user.username) ?? textIn(user.full_name) ?? textIn(names),
    registered_at: pastTime(created === undefined ? undefined : created * 1_000, now),
    source: textIn(utms.fc_source) ?? textIn(utms.lc_source),
    // Null says that the user was not asked.
    marketing_consent: consent === undefined ? undefined : (consent ?? false),
    fields: "fields" in user ? objectIn(user.fields) : undefined,
  });
}

/** Each once, as it is written first. */
export function tagsOfUser(user: Loose): string[] {
  const tags = listIn(user.tags).flatMap((tag) => trimmed(textIn(tag) ?? "") || []);
  const byKey = new Map<string, string>();
  for (const tag of tags) if (tag.length <= MAX_TAG_LENGTH && !byKey.has(tagKey(tag))) byKey.set(tagKey(tag), tag);
  return [...byKey.values()];
}

function npsIn(user: Loose): SeenUser["nps"] {
  const score = numberIn(user.nps_score);
  const fits = score !== undefined && Number.isInteger(score) && score >= 0 && score <= 10;
  return fits ? { score, comment: textIn(user.nps_comment)?.slice(0, MAX_VALUE_LENGTH) ?? null } : null;
}

/** How a user stands by this webhook; what it does not say stays. */
export const seenUserIn = (user: Loose, before: SeenUser | null, ofTags: boolean): SeenUser => ({
  tags: before && !ofTags ? before.tags : tagsOfUser(user),
  approval: textIn(user.signup_approval_status) ?? before?.approval ?? null,
  nps: npsIn(user) ?? before?.nps ?? null,
  loginAt: Math.max(secondsIn(user.last_login) ?? 0, before?.loginAt ?? 0) || null,
  trials: before?.trials ?? [],
});

/** What the user did between two webhooks, by their difference; nothing where there was none before. */
export function newsOf(before: SeenUser | null, after: SeenUser, now: number) {
  if (!before) return [];
  const news: { type: string; data: Record<string, unknown>; key: unknown[]; at?: number | undefined }[] = [];
  const { approval, nps, loginAt } = after;
  if (before.approval !== null && approval !== before.approval) {
    const type = APPROVALS.get(approval ?? "");
    if (type) news.push({ type, data: {}, key: [before.approval, loginAt ?? ""] });
  }
  if (nps && (nps.score !== before.nps?.score || nps.comment !== before.nps.comment)) {
    const comment = nps.comment ?? undefined;
    news.push({ type: "nps.submitted", data: defined({ score: nps.score, comment }), key: [before.nps, nps] });
  }
  if (loginAt !== null && loginAt > (before.loginAt ?? 0) && pastTime(loginAt * 1_000, now) !== undefined)
    news.push({ type: "user.signed_in", data: {}, key: [loginAt], at: loginAt });
  return news;
}

const APPROVALS = new Map([
  ["passed", "signup.approved"],
  ["failed", "signup.rejected"],
]);

/** The id of the user that a webhook speaks of. */
export const learnworldsUser = (body: unknown): string | undefined => idIn(userIn(objectIn(objectIn(body).data)).id);
