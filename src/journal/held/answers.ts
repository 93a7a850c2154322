import { leadId } from "../../catalogue/facts/facts";
import type { Held, Whose } from "./whose";

/* Answers that are kept for whoever asks again: what of them is about a user. */

const KEPT_FOR = `school = ?1 and (exists (select 1 from json_each(?2) where instr(answer, value) > 0)
  or exists (select 1 from json_each(?3) where instr(lower(answer), lower(value)) > 0))`;

/** Texts by which a kept answer, which is JSON, is seen to name the user: the id in a field that holds one. */
const tracesOfId = ({ id }: Whose): string =>
  JSON.stringify(["id", "user_id", "user"].map((name) => `"${name}":${JSON.stringify(id)}`));

/** The same of addresses, which may stand anywhere and are compared without case. */
const tracesOfEmails = ({ emails }: Whose): string =>
  JSON.stringify(emails.filter((email) => email !== "").map((email) => JSON.stringify(email).slice(1, -1)));

export const KEPT_ANSWERS: Held = {
  read: (db, whose) => [
    db
      .prepare(`select at, status, answer from idempotency where ${KEPT_FOR}`)
      .bind(whose.school, tracesOfId(whose), tracesOfEmails(whose)),
  ],
  part: ({ at, status, answer }, whose) => partsOf(answer, whose).map((part) => ({ at, status, answer: part })),
  erase: (db, whose) => [
    db
      .prepare(`delete from idempotency where ${KEPT_FOR}`)
      .bind(whose.school, tracesOfId(whose), tracesOfEmails(whose)),
  ],
};

/** The parts of a kept answer that are about the user: the answer to a batch is about other users too. */
function partsOf(answer: unknown, whose: Whose): unknown[] {
  let value: unknown;
  try {
    value = typeof answer === "string" ? JSON.parse(answer) : null;
  } catch {
    // Not JSON: sealed, as it shows a secret, or empty. Neither is about a user.
    return [];
  }
  const ids = new Set([whose.id, ...whose.emails.map(leadId)]);
  const isOf = (one: Record<string, unknown>): boolean => {
    const { user } = one;
    if (typeof user === "object" && user !== null && "id" in user) return isTheirs(user.id);
    return isTheirs(user ?? one.user_id ?? one.id);
  };
  const isTheirs = (id: unknown): boolean => typeof id === "string" && ids.has(id);
  const walk = (one: unknown): unknown[] => {
    if (Array.isArray(one)) return one.flatMap(walk);
    if (typeof one !== "object" || one === null) return [];
    // A JSON object has texts as its keys.
    return isOf(one as Record<string, unknown>) ? [one] : Object.values(one).flatMap(walk);
  };
  return walk(value);
}
