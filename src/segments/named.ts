import { and, eq, inArray } from "drizzle-orm";
import type { Env } from "../base/env";
import { userObject } from "../calls/reaching/stub";
import { email } from "../catalogue/account/email";
import { leadId } from "../catalogue/facts/facts";
import { database } from "../db/client";
import { users } from "../db/schema";
import type { School } from "../world/snapshot";

/** What a list may name users by. `user`: the id. */
export const NAMES = ["user", "email", "username"] as const;

/** The user whom a list means, or why there is none. */
export async function userNamed(
  env: Env,
  school: School,
  by: (typeof NAMES)[number],
  name: string,
): Promise<{ user: string } | { fault: string }> {
  if (name === "") return { fault: "nobody is named" };
  if (by === "user") return { user: name };
  return by === "email" ? userOfEmail(env, school, name.trim()) : userOfName(env, school, name.trim());
}

async function userOfEmail(env: Env, school: School, address: string) {
  if (!email.safeParse(address).success) return { fault: "email: not an email address" };
  // The address's own object is asked, not the directory, which lags.
  const { user } = await userObject(env, school, leadId(address)).holder();
  return user === null ? { fault: "email: no user has this address" } : { user };
}

/** Names are not unique: whom one of several means nobody knows. */
async function userOfName(env: Env, school: School, username: string) {
  // A name is kept as it was first written: lists from elsewhere may write its accents in the other way.
  const spellings = [...new Set([username, username.normalize("NFC"), username.normalize("NFD")])];
  const [first, second] = await database(env.DB)
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.school, school.id), inArray(users.username, spellings)))
    .limit(2);
  if (!first) return { fault: "username: no user is called this" };
  return second ? { fault: "username: several users are called this" } : { user: first.id };
}
