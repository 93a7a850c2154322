import { type Env, secretKeysOf, variablesOf } from "../base/env";
import type { MailLinks } from "../catalogue/messages/mail";
import { preferencesToken, unsubscribeLinkToken } from "../connectors/links";
import type { School } from "./snapshot";

/**
 * The links that a school's messages may hold for a learner.
 * @param born when what is known of that learner began, real time, ms; left out where nobody of them is known
 */
export function linksOf(env: Env, { id: school, epoch }: Pick<School, "id" | "epoch">, born?: () => number): MailLinks {
  const { PUBLIC_URL } = variablesOf(env);
  const { made } = secretKeysOf(env);
  return {
    unsubscribe: (user) => `${PUBLIC_URL}/unsubscribe/${unsubscribeLinkToken(made, { school, epoch, user })}`,
    preferences: (user, madeAt) =>
      `${PUBLIC_URL}/preferences/${preferencesToken(made, { school, epoch, user, madeAt, born: born?.() })}`,
  };
}
