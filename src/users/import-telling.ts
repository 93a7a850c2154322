import type { LogBatch } from "../calls/batch";
import type { Changed } from "../calls/user";
import type { Change } from "../engine/play";
import type { JobScene } from "../jobs/define";
import { tellGiven, tellUsers } from "../journal/tell";
import { userId } from "./event";
import { changeOf } from "./moved";

/* What D1 is to hear of the users of a page of an import: each gives it with the answer to its last change. */

/** By the ids of users; null: nothing. */
type Given = Map<string, LogBatch | null>;

const givenOf = new WeakMap<JobScene, Given>();

function givenIn(scene: JobScene): Given {
  const given: Given = givenOf.get(scene) ?? new Map();
  givenOf.set(scene, given);
  return given;
}

/** Changes a user as `changeOf` does; D1 hears of it at the end of the page: see `tellImported`. */
export async function changeInPage(
  scene: JobScene,
  user: string,
  input: Change,
  options: { creates: boolean; once?: string },
): Promise<Changed | null> {
  // Whether it was changed nobody knows where the call fails.
  askAtEnd(scene, user);
  const changed = await changeOf(scene.env, scene.school, user, input, { ...options, tells: true });
  // It includes what was given before, as of that the object has not heard.
  if (changed?.untold !== undefined) givenIn(scene).set(user, changed.untold);
  return changed;
}

/** Something else has happened to a user, who is asked at the end of the page. */
export const askAtEnd = (scene: JobScene, user: string): void => void givenIn(scene).delete(user);

/**
 * Ends a page of an import: writes its users to the directory at once, not by the queue. A rule made right after goes
 * over the directory and must find them; and objects that still have something to tell would stay in memory.
 * @param keys the ids of users; what can be no id is passed over
 */
export async function tellImported(scene: JobScene, keys: readonly string[]): Promise<void> {
  const { env, school } = scene;
  if (school.mode !== "live") return;
  const given = givenIn(scene);
  const users = keys.filter((key) => userId.safeParse(key).success);
  const batches = users.flatMap((user) => given.get(user) ?? []);
  const asked = users.flatMap((user) => (given.has(user) ? [] : [{ school: school.id, epoch: school.epoch, user }]));
  const told = await Promise.allSettled([tellGiven(env, batches), tellUsers(env, asked)]);
  for (const one of told) if (one.status === "rejected") throw one.reason;
}
