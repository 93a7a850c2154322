import * as z from "zod";
import { callVendor, type Reply, TIMEOUT_MS } from "../../calling/http";
import type { Tools } from "../../ports";
import { MoodleFault, meaningOf, VERDICTS, type Verdict } from "./faults";
import type { MoodleFunction } from "./functions";
import { type Settings, serverOf } from "./settings";

/* One call of Moodle's web service: a form goes out, and JSON with status 200 comes back, of an error too. */

/** Nested as PHP reads it from a form. */
export type Parameter = string | number | boolean | readonly Parameter[] | { readonly [name: string]: Parameter };

export interface Moodle {
  settings: Settings;
  /** Rejects with a `MoodleFault`. */
  call<T>(name: MoodleFunction, parameters: { readonly [name: string]: Parameter }, answer: z.ZodType<T>): Promise<T>;
  /** Real time, ms since 1970. */
  now(): number;
  /** Other ids of a course of ours, as Moodle told of them. */
  theirsOf(course: string): Promise<readonly string[]>;
  /** What a segment of ours is called; null where nobody knows. */
  segmentName(segment: string): Promise<string | null>;
  /** What is left of the time for this attempt, ms; below 0 when it is over. */
  remainingMs(): number;
}

/** The answer of a function that gives none. */
export const nothing = z.null();

/** Courses come with their descriptions: a page of them is far more than other vendors ever answer. */
const MOST_BYTES = 4 * 1024 * 1024;

const exception = z.object({ exception: z.string(), errorcode: z.string().optional(), message: z.string().optional() });

/** A Moodle as one attempt sees it: all its calls share the time for that. */
export function openMoodle(settings: Settings, tools: Tools): Moodle {
  const endsAt = tools.now() + (tools.timeoutMs ?? TIMEOUT_MS);
  const remainingMs = () => endsAt - tools.now();
  const ask = async (name: MoodleFunction, parameters: { readonly [name: string]: Parameter }): Promise<unknown> => {
    const form = new URLSearchParams({ wstoken: settings.token, wsfunction: name, moodlewsrestformat: "json" });
    for (const [key, value] of fieldsOf(parameters)) form.append(key, value);
    const reply = await callVendor({ ...tools, timeoutMs: Math.max(remainingMs(), 1) }, serverOf(settings.url), {
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: form.toString(),
      mostBytes: MOST_BYTES,
    });
    return answerOf(reply, name);
  };
  const moodle: Moodle = {
    settings,
    now: tools.now,
    theirsOf: async (course) => (await tools.theirsOf?.(course)) ?? [],
    segmentName: async (segment) => (await tools.segmentName?.(segment)) ?? null,
    remainingMs,
    async call(name, parameters, answer) {
      const json = await ask(name, parameters).catch(async (fault: unknown) => {
        throw (await isOutsideService(fault, name, ask)) ? outsideService(name) : fault;
      });
      const read = answer.safeParse(json);
      if (!read.success) throw new MoodleFault(`Moodle answered ${name} in a form that is not known`, VERDICTS.final);
      return read.data;
    },
  };
  return moodle;
}

/** Names and values of a form, as PHP makes lists and maps of them: `members[0][userid]`. */
function fieldsOf(parameters: Parameter, name = ""): [string, string][] {
  if (typeof parameters === "boolean") return [[name, parameters ? "1" : "0"]];
  if (typeof parameters !== "object") return [[name, String(parameters)]];
  return Object.entries(parameters).flatMap(([key, value]) => fieldsOf(value, name ? `${name}[${key}]` : key));
}

const jsonOf = (text: string): { json: unknown } | null => {
  try {
    return { json: JSON.parse(text) };
  } catch {
    // Whatever stands there is not Moodle's answer.
    return null;
  }
};

/** Statuses before which nothing was done: too many calls, maintenance, and a server that a proxy does not reach. */
const NOT_BEGUN = new Set([429, 503, 521, 522, 523]);

function answerOf(reply: Reply, name: MoodleFunction): unknown {
  if (!reply.reached) {
    throw new MoodleFault(reply.error, VERDICTS.later, reply.timedOut ? { perhapsDone: true } : {});
  }
  const { status, text, retryAfterMs } = reply;
  if (status !== 200) {
    const { verdict, says } = statusMeans(status);
    const wait = verdict === "later" && retryAfterMs !== undefined ? { retryAfterMs } : {};
    const perhapsDone = status >= 500 && !NOT_BEGUN.has(status);
    throw new MoodleFault(
      `${status}: ${says}`,
      { ...VERDICTS[verdict], ...wait },
      { code: status, ...(perhapsDone ? { perhapsDone } : {}) },
    );
  }
  const read = jsonOf(text);
  if (!read) {
    const isCutOff = /^\s*[[{]/.test(text);
    const [says, verdict] = isCutOff ? ([CUT_OFF, "later"] as const) : ([NO_JSON, "down"] as const);
    throw new MoodleFault(says, VERDICTS[verdict], { perhapsDone: true });
  }
  const fault = exception.safeParse(read.json).data;
  if (!fault) return read.json;
  // The name of a table is the same in every language.
  if (fault.errorcode === "invalidrecord" && fault.message?.includes("external_functions")) throw outsideService(name);
  const { verdict, says } = meaningOf(fault.errorcode);
  const { errorcode } = fault;
  throw new MoodleFault(`${says} (${name})`, VERDICTS[verdict], errorcode === undefined ? {} : { errorcode });
}

const CUT_OFF = "Moodle's answer is cut off";
const NO_JSON = "what answers at this address is not Moodle's web service: there is no JSON in it";

function statusMeans(status: number): { verdict: Verdict; says: string } {
  if (status >= 300 && status < 400) return { verdict: "down", says: "the address redirects: set the one it leads to" };
  if (status === 403) return { verdict: "down", says: "web services or the REST protocol are switched off in Moodle" };
  if (status === 404) return { verdict: "down", says: "there is no Moodle at this address" };
  if (status === 401) return { verdict: "down", says: "the address is protected by a password of its own" };
  if (status === 408 || status === 425 || status === 429 || status >= 500)
    return { verdict: "later", says: "Moodle's server does not do it now" };
  return { verdict: "final", says: "Moodle's server refuses the call" };
}

const outsideService = (name: MoodleFunction) =>
  new MoodleFault(`the function ${name} is not in the web service of the token`, VERDICTS.right);

/** Moodle's one word for a token that is not let in at all, and for a function that is not among the token's. */
const OUTSIDE = "accessexception";
const PROBE = "core_webservice_get_site_info";

/** Whether it was about this function alone: then the token is let in elsewhere. */
async function isOutsideService(
  fault: unknown,
  name: MoodleFunction,
  ask: (name: MoodleFunction, parameters: Record<string, never>) => Promise<unknown>,
): Promise<boolean> {
  if (!(fault instanceof MoodleFault) || fault.seen.errorcode !== OUTSIDE || name === PROBE) return false;
  return ask(PROBE, {}).then(
    () => true,
    () => false,
  );
}
