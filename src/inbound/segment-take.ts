import type { Env } from "../base/env";
import type { Fault, Problem } from "../base/errors/errors";
import { isRecord } from "../definition/types";
import { nowOf, type School } from "../world/snapshot";
import { dropping } from "./drop";
import { asUnmapped } from "./mapped";
import { idIn } from "./read";
import { copyText, mapSegment, SEGMENT_PARTS, type Sent, segmentFormat, segmentName } from "./segment";
import { type Came, type Taken, takeMessages } from "./take";

/** A message, without what cannot be read of it. */
async function cameFrom(message: unknown, faults: readonly Fault[], sent: Sent): Promise<Came> {
  const unread = faults.filter(({ path }) => {
    const [, part = ""] = path.split("/");
    return part === "" || SEGMENT_PARTS.includes(part) || path.startsWith("/context/traits");
  });
  const readable = dropping(message, faults);
  const mapped =
    readable === undefined
      ? asUnmapped(`${segmentName(null)}: ${unread[0]?.message}`)
      : await mapSegment(readable, sent);
  const { kind, ...how } = sent;
  return { mapped, message: readable ?? null, how: { ...how, ...(kind ? { kind } : {}) }, unread };
}

/**
 * Takes each message that can be taken and counts what cannot.
 * @param faults of each message, of its text
 * @param how what they have in common
 * @param trace that the sender named
 * @throws Problem 503 where sending them again would help
 */
export async function takeSegment(
  env: Env,
  school: School,
  messages: readonly unknown[],
  faults: ReadonlyMap<number, readonly Fault[]>,
  how: Omit<Sent, "receivedAt">,
  trace: string | null,
): Promise<Taken[]> {
  const sent = { ...how, receivedAt: nowOf(school) };
  const nths = nthsOf(messages, how.kind);
  const came = await Promise.all(
    messages.map((one, index) => {
      const nth = nths[index] ?? 0;
      return cameFrom(one, faults.get(index) ?? [], nth === 0 ? sent : { ...sent, nth });
    }),
  );
  const taken = await takeMessages(env, school, segmentFormat, came, trace);
  for (const { results } of taken)
    for (const result of results)
      if ("problem" in result && result.problem.kind === "unavailable") throw result.problem;
  return taken;
}

/** Of messages that are known by what they say, how many like each stood before it. */
function nthsOf(messages: readonly unknown[], kind: Sent["kind"]): number[] {
  const seen = new Map<string, number>();
  return messages.map((message) => {
    const text = isRecord(message) && idIn(message.messageId) === undefined ? copyText(message, kind) : null;
    const nth = text === null ? 0 : (seen.get(text) ?? 0);
    if (text !== null) seen.set(text, nth + 1);
    return nth;
  });
}

/** A kept message once more, as it came. */
export const segmentAgain = async (message: unknown, how: Record<string, unknown>): Promise<Came> => {
  const { receivedAt, ...rest } = how;
  // Written by `cameFrom`.
  const sent = { ...rest, receivedAt: Number(receivedAt) } as Sent;
  return { mapped: await mapSegment(message, sent), message, how };
};

/** By the index of its message, what is wrong with the texts of a batch. */
export function faultsOfBatch(faults: readonly Fault[]): Map<number, Fault[]> {
  const found = new Map<number, Fault[]>();
  for (const { path, message } of faults) {
    const [, list, index = ""] = path.split("/");
    if (list !== "batch" || index === "") continue;
    const own = found.get(Number(index)) ?? [];
    found.set(Number(index), [...own, { path: path.slice(`/batch/${index}`.length), message }]);
  }
  return found;
}

/** Why a message that came alone was not taken, or null. */
export const refusalOf = ({ results, refusal }: Taken): Problem | null =>
  refusal ?? results.flatMap((result) => ("problem" in result ? result.problem : []))[0] ?? null;
