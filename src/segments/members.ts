import { and, eq } from "drizzle-orm";
import type { Env } from "../base/env";
import { notFound, Problem } from "../base/errors/errors";
import type { Origin } from "../catalogue/facts/givers";
import { database } from "../db/client";
import { requireStanding } from "../db/deleting/held";
import { isOneOf } from "../db/lists/list";
import { segmentCounts, segments } from "../db/schema";
import { changeOf } from "../users/merging/moved";
import type { School } from "../world/snapshot";
import { getSegment, whichSegment } from "./find";

interface MemberOptions {
  joins: boolean;
  quiet: boolean;
  origin: Origin;
  tells?: boolean;
  creates?: boolean;
  once?: string;
  /** That the call behind it named. */
  trace?: string | null;
}

/** How the members of a segment are kept, `held` where it is by hand and to be deleted; null: there is no such segment. */
export async function segmentKind(
  env: Env,
  school: string,
  id: string,
): Promise<"managed" | "by_hand" | "held" | null> {
  const row = await database(env.DB)
    .select({ managed: segments.managed, deleteAt: segments.deleteAt })
    .from(segments)
    .where(whichSegment(school, id))
    .get();
  if (!row) return null;
  return row.managed ? "managed" : row.deleteAt === null ? "by_hand" : "held";
}

/**
 * Puts a user into a segment that is kept by hand, or takes one out; doing it twice is doing it once.
 * @param options `tells`: the caller has D1 hear of it; `creates`: who is not known is made; `once` names the change
 * @throws Problem 404 where the segment or the user is not known, 409 for a managed segment
 */
export async function setMember(
  env: Env,
  school: School,
  segment: string,
  user: string,
  { tells = false, creates = false, once, trace = null, ...options }: MemberOptions,
): Promise<void> {
  const { managed, deleteAt } = await getSegment(env, school.id, segment);
  // Who leaves, leaves as ever.
  if (options.joins) requireStanding("segment", segment, { deleteAt });
  if (managed) throw new Problem("conflict", "The segment is managed: its members follow its rules.");
  const input = { kind: "member", segment, ...options, ...(trace === null ? {} : { trace }) } as const;
  const changed = await changeOf(env, school, user, input, {
    creates,
    tells,
    ...(once === undefined ? {} : { once }),
  });
  if (!changed) throw notFound("user");
}

/** How many users are in each segment, by the directory; a segment without any is left out. */
export async function memberCounts(env: Env, school: string, ids: readonly string[]): Promise<Map<string, number>> {
  const rows = await database(env.DB)
    .select({ segment: segmentCounts.segment, count: segmentCounts.n })
    .from(segmentCounts)
    .where(and(eq(segmentCounts.school, school), isOneOf(segmentCounts.segment, ids)));
  return new Map(rows.map(({ segment, count }) => [segment, count]));
}

/** How many members a segment has. */
export async function memberCount(env: Env, school: string, segment: string): Promise<number> {
  const row = await database(env.DB)
    .select({ count: segmentCounts.n })
    .from(segmentCounts)
    .where(and(eq(segmentCounts.school, school), eq(segmentCounts.segment, segment)))
    .get();
  return row?.count ?? 0;
}
