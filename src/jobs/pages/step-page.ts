import { Problem } from "../../base/errors/errors";
import { addToCancelled } from "../cancelled";
import { CannotRead, type JobScene, type StepWork } from "../define";
import { type JobFault, type JobProgress, type JobRow, positionOf, saveProgress } from "../store";
import { Hangs, MAX_PAGE_TRIES, pauseMs, within } from "./patience";

/** With the time in which a page begins steps this is well under the lease. */
const STEP_MS = 22_000;
const HANGS = `What it reads gave no answer within ${STEP_MS / 1_000} s.`;

/** Why a step cannot be done, as somebody else is to blame; null: it is a fault of ours. */
function reasonOf(error: unknown): CannotRead | null {
  if (error instanceof CannotRead) return error;
  if (error instanceof Hangs) return new CannotRead(HANGS, { afterMs: 0 });
  return error instanceof Problem ? new CannotRead(error.detail, null) : null;
}

/**
 * Does a page of a job that goes on step by step: as many steps as there is time and room for. What they read may fail
 * where others are to blame: then what was done stays, and the rest waits.
 * @returns in how many ms the next page may begin; null: there is none
 */
export async function takeSteps(
  scene: JobScene,
  row: JobRow,
  work: StepWork,
  deadline: number,
  room: { items: number },
): Promise<{ delayMs: number } | null> {
  const begun = positionOf(row);
  const faults: JobFault[] = [];
  const found: string[] = [];
  let { after, tries } = begun;
  let done = 0;
  let result: unknown;
  const save = async (status: JobProgress["status"], delayMs: number): Promise<{ delayMs: number } | null> => {
    const position = { after, tries, late: false };
    const saved = await saveProgress(scene.env, row, {
      status,
      position,
      done: row.done + done,
      faults,
      found,
      result,
    });
    if (!saved) await addToCancelled(scene.env, row, { claimedAt: row.touchedAt, done, faults, found, result });
    return saved && status === "queued" ? { delayMs } : null;
  };
  do {
    try {
      const stepped = await within(STEP_MS, work.step(scene, after, Math.max(1, room.items)));
      done += stepped.done;
      room.items -= Math.max(1, stepped.done, stepped.took ?? 0);
      faults.push(...(stepped.faults ?? []));
      found.push(...(stepped.found ?? []));
      result = stepped.result ?? result;
      if (stepped.next === null) return save("done", 0);
      after = stepped.next;
      tries = 0;
      if (stepped.waitMs) return save("queued", stepped.waitMs);
    } catch (error) {
      const reason = reasonOf(error);
      if (!reason) throw error;
      tries += 1;
      if (reason.retry && tries <= MAX_PAGE_TRIES)
        return save("queued", Math.max(reason.retry.afterMs, pauseMs(tries)));
      faults.push({ message: reason.message });
      return save("failed", 0);
    }
  } while (room.items > 0 && Date.now() < deadline);
  return save("queued", 0);
}
