import { vi } from "vitest";
import { addressIn } from "../../src/admin/address";
import { startSession } from "../../src/schools/sign-in/sessions";
import { type Furnished, furnishedSchool } from "./furnished";
import { call as callWorker, env, flushLog, holdQueuesAnew, PLATFORM } from "./live";
import type { Case, Given } from "./shed-cases";
import { rowsOf, settle, sheddingAt } from "./shedding";

/* For tests: what comes of a call one of whose statements D1 sheds. */

const EMAIL = "mia@school.com";

async function ask(
  { school, by, cookie }: { school: Furnished; by: Case["by"]; cookie: string },
  [method, path, body]: Given,
  headers: Record<string, string>,
) {
  if (by === "platform") return callWorker(method, path, body, PLATFORM, headers);
  if (by !== "hand") return school.ask(method, path, body, headers);
  const sent = { ...headers, cookie, origin: "https://schoolbell.test", "sec-fetch-site": "same-origin" };
  return callWorker(method, addressIn(school.id, `/api${path.replace("/v1", "")}`), body, undefined, sent);
}

/** Calls with the nth statement shed, and again where that is asked for; what came of it. */
export async function told(one: Case, nth: number, key: boolean) {
  const queues = await holdQueuesAnew();
  vi.spyOn(scheduler, "wait").mockResolvedValue();
  const school = await furnishedSchool("live");
  await school.ask("PATCH", "/v1/school", { settings: { collaborators: [{ email: EMAIL, role: "owner" }] } });
  await settle(queues);
  const made = (await one.before?.(school, queues)) as never;
  await settle(queues);
  await flushLog(school.id, "anna", "ben");
  const before = new Set((await entries(school.id)).map(({ id }) => id));
  const given = one.call(school, made);
  const whose = { school, by: one.by, cookie: `__Host-schoolbell=${await startSession(env, EMAIL)}` };
  const headers: Record<string, string> = key ? { "idempotency-key": "k" } : {};
  const first = await sheddingAt(nth, () => ask(whose, given, headers));
  const answers = [first.answer];
  if (first.answer.status === 503) answers.push(await ask(whose, given, headers));
  await settle(queues);
  await flushLog(school.id, "anna", "ben");
  await settle(queues);
  const after = await entries(school.id);
  vi.restoreAllMocks();
  return {
    was: first.was,
    statuses: answers.map(({ status }) => status),
    said: answers.at(-1)?.text.slice(0, 160),
    audit: after.filter(({ id }) => !before.has(id)).map(({ what }) => what),
    rows: await rowsOf(school.id),
  };
}

const entries = async (school: string): Promise<{ id: string; what: string }[]> => {
  const all = env.DB.prepare("select id, what from audit where school = ? order by what").bind(school);
  return (await all.all<{ id: string; what: string }>()).results;
};
