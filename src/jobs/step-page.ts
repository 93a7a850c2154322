import { CannotRead, type JobScene, type StepWork } from "./define";
import { MAX_PAGE_TRIES, pauseMs } from "./pauses";
import { type JobFault, type JobProgress, type JobRow, positionOf, saveProgress } from "./store";

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
  const save = async (status: JobProgress["status"], delayMs: number): Promise<{ delayMs: number } | null> => {
    const position = { after, tries, late: false };
    const saved = await saveProgress(scene.env, row, { status, position, done: row.done + done, faults, found });
    return saved && status === "queued" ? { delayMs } : null;
  };
  do {
    try {
      const stepped = await work.step(scene, after, Math.max(1, room.items));
      done += stepped.done;
      room.items -= Math.max(1, stepped.done, stepped.took ?? 0);
      faults.push(...(stepped.faults ?? []));
      found.push(...(stepped.found ?? []));
      if (stepped.next === null) return save("done", 0);
      after = stepped.next;
      tries = 0;
    } catch (error) {
      if (!(error instanceof CannotRead)) throw error;
      tries += 1;
      if (error.retry && tries <= MAX_PAGE_TRIES) return save("queued", Math.max(error.retry.afterMs, pauseMs(tries)));
      faults.push({ message: error.message });
      return save("failed", 0);
    }
  } while (room.items > 0 && Date.now() < deadline);
  return save("queued", 0);
}
