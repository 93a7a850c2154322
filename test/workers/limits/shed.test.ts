import { describe, expect, test } from "vitest";
import { routes } from "../../../src/http/routes";
import { CASES } from "../shed-cases";
import { told } from "../told";

/*
 * D1 sheds one statement of a call, each in its turn. Either the answer is a 503, and the same call again does it once; or
 * it is done, and said so. The audit has it once, and D1 as many rows as where nothing was shed.
 */

/** More than any call asks. */
const MOST = 40;

const ELSEWHERE: Readonly<Record<string, string>> = {
  "POST /v1/schools": "what it makes is a school of its own, which its own id is for",
  "DELETE /v1/schools/:id": "nothing is left to be compared",
  "POST /v1/schools/:id/log": "needs shards: src/schools/platform/log-move.sharded.test.ts",
  "POST /v1/restored": "it is about all schools",
  "POST /v1/restored/users": "it is about all schools",
  "POST /v1/restored/object": "it is about one object, and tells only",
  "POST /v1/secret-key/rotation": "it is about all schools",
  "POST /v1/test-clock": "of test schools alone",
  "POST /v1/lms/sync": "needs an LMS",
  "POST /v1/lms/reconcile": "needs an LMS",
  "POST /v1/webhooks/test": "it sends one call, and changes nothing",
  "POST /v1/messages/test": "it sends one mail to a collaborator, and changes nothing",
  "POST /v1/runs/:id/retry": "an object does it, and is followed by the same as its cancel",
  "POST /v1/dead-letters/:id/retry": "it sends one message, and a second does no harm",
};
/** Imports keep what they are sent by and by, and are asked about by their job. */
const isImport = (name: string): boolean => name.endsWith("/import") && name.startsWith("POST ");

test("every write that a school's credential or the platform may make is played, or is known not to be", () => {
  const writes = routes
    .filter(
      ({ method, scopes }) => method !== "GET" && scopes.some((one) => ["write", "admin", "platform"].includes(one)),
    )
    .map(({ method, path }) => `${method} ${path}`);
  expect(writes.filter((name) => !(name in CASES) && !(name in ELSEWHERE) && !isImport(name))).toEqual([]);
  expect([...Object.keys(CASES), ...Object.keys(ELSEWHERE)].filter((name) => !writes.includes(name))).toEqual([]);
});

/** What a call did that went wrong, at each statement that D1 sheds. */
async function faultsOf(name: string, withKey: boolean): Promise<string[]> {
  const one = CASES[name];
  if (!one) throw new Error(`there is no ${name}`);
  const whole = await told(one, Number.POSITIVE_INFINITY, withKey);
  expect(whole.statuses[0], whole.said).toBeLessThan(300);
  const faults: string[] = [];
  for (let nth = 0; nth < MOST; nth++) {
    const { was, statuses, said, audit, rows } = await told(one, nth, withKey);
    if (!was) break;
    const others = Object.entries(rows).flatMap(([table, n]) =>
      n === whole.rows[table] ? [] : [`${n} ${table}, not ${whole.rows[table]}`],
    );
    if (statuses.at(-1) !== whole.statuses[0] || String(audit) !== String(whole.audit) || others.length)
      faults.push(`${nth}: ${statuses}, audit [${audit}], not [${whole.audit}]; ${others.join(", ")}; ${said}`);
  }
  return faults;
}

describe("a call one of whose statements D1 sheds", () => {
  test.each(Object.keys(CASES))("%s is done once, or says that it was not", async (name) => {
    expect(await faultsOf(name, false)).toEqual([]);
  });

  // A kind each: a batch, a batch that is followed by more, an object, a job.
  test.each(["POST /v1/segments", "POST /v1/automations", "POST /v1/runs/:id/cancel", "POST /v1/deliveries/retry"])(
    "%s with an Idempotency-Key too",
    async (name) => {
      expect(await faultsOf(name, true)).toEqual([]);
    },
  );
});
