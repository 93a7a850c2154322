import { and, asc, eq, inArray, like, not } from "drizzle-orm";
import type { Env } from "../base/env";
import type { UserPlace } from "../calls/user";
import { LEAD_PREFIX } from "../catalogue/facts/facts";
import { storedAddresses } from "../db/addresses";
import { database } from "../db/client";
import { users } from "../db/schema";

/** More than one person has with one address; of whoever comes after nobody is meant. */
const AT_MOST = 20;

/** The users whom the directory, which lags, lists with an address: `place` is that of the address's object. */
export const listedWith = (env: Env, { school, user }: UserPlace): Promise<string[]> =>
  database(env.DB)
    .select({ id: users.id })
    .from(users)
    .where(
      and(
        eq(users.school, school),
        inArray(users.emailKey, storedAddresses(user.slice(LEAD_PREFIX.length))),
        not(like(users.id, `${LEAD_PREFIX}%`)),
      ),
    )
    .orderBy(asc(users.registeredAt), asc(users.id))
    .limit(AT_MOST)
    .then((rows) => rows.map(({ id }) => id));
