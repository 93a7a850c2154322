import { type Env, variablesOf } from "../base/env";
import type { MailLinks } from "../catalogue/messages/mail";
import { preferencesToken, unsubscribeLinkToken } from "../connectors/links";
import type { School } from "./snapshot";

/** The links that a school's messages may hold for a learner. */
export function linksOf(env: Env, { id: school, epoch }: Pick<School, "id" | "epoch">): MailLinks {
  const { SECRET_KEY, PUBLIC_URL } = variablesOf(env);
  return {
    unsubscribe: (user) => `${PUBLIC_URL}/unsubscribe/${unsubscribeLinkToken(SECRET_KEY, { school, epoch, user })}`,
    preferences: (user, madeAt) =>
      `${PUBLIC_URL}/preferences/${preferencesToken(SECRET_KEY, { school, epoch, user, madeAt })}`,
  };
}
