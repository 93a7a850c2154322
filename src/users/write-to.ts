import type { Env } from "../base/env";
import { type Fault, invalid, notFound, Problem } from "../base/errors/errors";
import type { WriteCall, WrittenTo } from "../calls/mail";
import { referenceOf, userObject } from "../calls/reaching/stub";
import type { Origin } from "../catalogue/facts/givers";
import { hash53 } from "../engine/identity";
import type { Delivery, Traced } from "../engine/types";
import { tellUser } from "../journal/tell";
import type { School } from "../world/snapshot";

export interface Writing extends Traced {
  /** The caller's: the same again is once. */
  id?: string | undefined;
  mail: WriteCall["mail"];
  /** Who writes. */
  origin: Origin;
}

/** The same for the same mail. */
const digestOf = (mail: WriteCall["mail"]): string => {
  const text = JSON.stringify(Object.entries(mail).sort(([one], [other]) => (one < other ? -1 : 1)));
  return hash53(text).toString(36) + hash53(`2${text}`).toString(36);
};

/** That the school has no such kind of mail. */
export function faultsOfTopic(school: School, topic: string | undefined): Fault[] {
  if (topic === undefined || school.settings.mail?.topics?.some(({ id }) => id === topic)) return [];
  return [{ path: "/topic", message: `there is no kind of mail "${topic}"` }];
}

/**
 * Sends a user a mail that somebody of the school wrote, with the manners of one that a step sends. 404 where the user is
 * not known; 409 where they have no address, or the id was used with another mail; 422 where there would be nothing in it.
 * @returns `isNew`: false of a copy
 */
export async function writeToUser(
  env: Env,
  school: School,
  user: string,
  { id, mail, origin, trace }: Writing,
): Promise<{ isNew: boolean; delivery: Delivery }> {
  const written = await userObject(env, school, user).writeTo(referenceOf(school), {
    ...{ id: id === undefined ? null : { id, hash: digestOf(mail) }, mail, origin },
    ...(trace === undefined ? {} : { trace }),
  });
  if (!written) throw notFound("user");
  if (written.kind === "other_body") throw new Problem("conflict", "This id was used with another body.");
  if (written.kind === "unsent") throw unsent(written);
  const { isNew, delivery } = written;
  if (!delivery) throw notFound("delivery");
  await tellUser(env, school, user, { exact: false });
  return { isNew, delivery };
}

function unsent({ reason, part = "body", others = [] }: Extract<WrittenTo, { kind: "unsent" }>): Problem {
  if (reason === "no_email") return new Problem("conflict", "The user has no email address.");
  const all = [{ reason, part }, ...others];
  return invalid(all.map((one) => ({ path: `/${one.part}`, message: one.reason })));
}
