import type { Env } from "../../base/env";
import type { ActionMessage } from "../../calls/messages";

/** Lets what was held go on, once a school is no longer suspended: those whose time has come are woken by the queue. */
export async function resumeSchoolUsers(env: Env, school: string): Promise<void> {
  const message: ActionMessage = { kind: "wake_school", school };
  await env.JOBS.send(message);
}
