import { Problem } from "../../base/errors/errors";
import type { Made } from "../../db/answers";
import type { Answer, Route } from "../route";

/*
 * The answer to a request that was done and whose answer was lost: made anew from what stands now.
 */

/** What reads a thing by its id, by the first part of what the audit calls its making: `segment_rule.created`. */
function readOf(what: string, reads: ReadonlyMap<string, Route>): Route | undefined {
  const list = `/v1/${what.split(".")[0]?.replaceAll("_", "-")}s/:`;
  return [...reads.values()].find(({ path }) => path.startsWith(list) && !path.includes("/", list.length));
}

const DELETED = ".deleted";
const HELD = ".held";

const LOST = "This was done, but its answer was lost. Look at what is there now.";

/**
 * @param reads the routes that read, by their path
 * @param ask what a handler is given, of the same caller; its params are put in
 */
export async function answerMade(
  { what, subject, job }: Made,
  route: Route,
  reads: ReadonlyMap<string, Route>,
  ask: (params: Record<string, string>) => Parameters<Route["handle"]>[0],
): Promise<Answer> {
  const codes = Object.keys(route.answers).filter((code) => code.startsWith("2"));
  // What a delete answers beside is of one that only looks, or is for later.
  const status = Number(what.endsWith(DELETED) ? codes.at(-1) : (codes[0] ?? 200));
  const more = job === null ? {} : { job_id: job };
  // What was to follow was told in figures of then.
  if (what.endsWith(HELD)) throw new Problem("conflict", LOST);
  if (route.answersSecret) throw new Problem("conflict", `${LOST} A secret is shown once: make another.`);
  if (status === 204) return { status };
  // What answers otherwise when it only looks, has left no trace of that.
  if (job !== null && route.answers[202]?.safeParse(more).success) return { status: 202, body: more };
  if (status === 202) return { status, body: more };
  const read = route.method === "POST" ? readOf(what, reads) : reads.get(route.path);
  if (!read) throw new Problem("conflict", LOST);
  const [name] = /(?<=:)\w+/.exec(read.path) ?? [];
  const answer = await read.handle(ask(name === undefined ? {} : { [name]: subject }));
  return { ...answer, status, body: { ...Object(answer.body), ...more } };
}
