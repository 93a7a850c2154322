import { entry } from "../../base/record";
import { type Attributes, MAX_TOKENS, mergeAttributes, tellUpdated } from "../account/attributes";
import { USER_UPDATED } from "../account/facts";
import { isSameValue } from "../account/field-values";
import type { Learner, Turn } from "../facts/facts";
import { giverOf, noteAgain, noteGiver } from "../facts/givers";
import { turnAlong } from "./along";

const isMissing = (value: unknown): boolean => value === null || value === undefined || value === "";

/** No to either of two who are one is no. */
const bothOf = (own: boolean | null, other: boolean | null): boolean | null =>
  own === false || other === false ? false : (own ?? other);

/** Fills the attributes that are empty, as one change. */
export function takeAttributes(turn: Turn, from: Learner): void {
  const { learner } = turn;
  const filled: Attributes = {};
  for (const key of ["email", "username", "source", "timezone", "locale"] as const)
    if (isMissing(learner[key]) && !isMissing(from[key])) filled[key] = from[key];
  const fields = Object.entries(from.fields).filter(
    ([key, value]) => isMissing(entry(learner.fields, key)) && !isMissing(value),
  );
  if (fields.length) filled.fields = Object.fromEntries(fields);
  filled.marketing_consent = bothOf(learner.marketingConsent, from.marketingConsent);
  filled.cookies_accepted = bothOf(learner.cookiesAccepted, from.cookiesAccepted);
  filled.push_tokens = [...new Set([...learner.pushTokens, ...from.pushTokens])].slice(0, MAX_TOKENS);
  // When somebody registered is guessed until it is said.
  if (learner.registeredGuessed && from.registeredGuessed)
    learner.registeredAt = Math.min(learner.registeredAt, from.registeredAt);
  else if (learner.registeredGuessed) filled.registered_at = from.registeredAt;
  const changed = mergeAttributes(turn, filled);
  for (const [key, value] of Object.entries(from.fields)) {
    const giving = turnAlong(turn, giverOf(from.givers.fields, key));
    if (changed.includes(`fields.${key}`)) noteGiver(giving, "fields", key);
    else if (isSameValue(value, entry(learner.fields, key) ?? null)) noteAgain(giving, "fields", key);
  }
  if (!changed.length) return;
  turn.make(USER_UPDATED, { changed });
  tellUpdated(turn, changed);
}
