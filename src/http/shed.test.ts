import { describe, expect, test, vi } from "vitest";
import { aroundD1 } from "../../test/workers/d1-calls";
import { consume, env, flushLog, liveSchool } from "../../test/workers/live";
import { OVERLOADED } from "../../test/workers/shedding";

/* What is said and kept where D1 sheds for longer than anybody waits; each statement in turn is in test/workers/limits. */

const { school, queues } = liveSchool("live");

const entries = async (what: string) => {
  const found = env.DB.prepare("select * from audit where school = ? and what = ?").bind(school.id, what);
  return (await found.all<{ subject: string; after: string | null }>()).results;
};

/** A database that sheds whatever fits, until it is told otherwise. */
function shedding(sheds: (sql: string) => boolean): () => void {
  const { prepare } = env.DB;
  const spies = [vi.spyOn(scheduler, "wait").mockResolvedValue()];
  const spy = vi.spyOn(env.DB, "prepare").mockImplementation(function (this: D1Database, sql) {
    if (sheds(sql)) throw new Error(OVERLOADED);
    return prepare.call(this, sql);
  });
  return () => {
    spy.mockRestore();
    for (const one of spies) one.mockRestore();
  };
}

/** Makes a run that waits, and answers with its id. */
async function waitingRun(): Promise<string> {
  await school.automation({ when: [{ type: "custom", name: "go" }], then: [{ type: "wait", for: "P2D" }] });
  await school.event("custom.go", "anna");
  await flushLog(school.id, "anna");
  return (await school.ask("GET", "/v1/runs")).body.data[0].id;
}

describe("what an object has done, where D1 takes no entry", () => {
  const cancelledUnrecorded = async () => {
    const run = await waitingRun();
    const end = shedding((sql) => /^insert into "audit"/.test(sql));
    const { status } = await school.ask("POST", `/v1/runs/${run}/cancel`);
    end();
    const messages = queues.actions.splice(0).filter(({ kind }) => kind === "audit");
    return { run, status, messages };
  };

  test("is answered as done, and recorded later: once, however often a queue brings it", async () => {
    const { run, status, messages } = await cancelledUnrecorded();
    expect([status, messages.length, await entries("run.cancelled")]).toEqual([200, 1, []]);
    for (let n = 0; n < 2; n++) await consume("schoolbell-actions", messages);
    expect(await entries("run.cancelled")).toMatchObject([{ subject: run }]);
  });

  test("is recorded later too where the queue takes the entry only when it is asked again", async () => {
    const run = await waitingRun();
    const end = shedding((sql) => /^insert into "audit"/.test(sql));
    // It stands for the queue already: `liveSchool`.
    const queue = vi.mocked(env.ACTIONS.send);
    const takes = queue.getMockImplementation();
    let refuses = 3;
    queue.mockImplementation(async (body, options) => {
      const isAudit = typeof body === "object" && body !== null && "kind" in body && body.kind === "audit";
      if (isAudit && refuses-- > 0) throw new Error("Queue send failed: Too Many Requests");
      return takes?.(body, options) as never;
    });
    expect((await school.ask("POST", `/v1/runs/${run}/cancel`)).status).toBe(200);
    end();
    await consume(
      "schoolbell-actions",
      queues.actions.splice(0).filter(({ kind }) => kind === "audit"),
    );
    expect(await entries("run.cancelled")).toMatchObject([{ subject: run }]);
  });

  test("is not recorded any more of a user who was erased meanwhile", async () => {
    await school.ask("PUT", "/v1/users/anna", { email: "anna@acme.com" });
    const end = shedding((sql) => /^insert into "audit"/.test(sql));
    const mail = { subject: "Hi", body: "<p>Hi</p>" };
    expect((await school.ask("POST", "/v1/users/anna/mails", mail)).status).toBe(201);
    end();
    const messages = queues.actions.splice(0).filter(({ kind }) => kind === "audit");
    expect((await school.ask("DELETE", "/v1/users/anna")).status).toBe(204);
    await consume("schoolbell-actions", messages);
    expect([messages.length, await entries("user.written_to")]).toEqual([1, []]);
  });
});

describe("a D1 that sheds for long", () => {
  const automation = { name: "A", when: [{ type: "user.signed_in" }], then: [] };
  /** Sheds all but the first `n` calls. */
  const sheddingAfter = (wrote: { yes: boolean }): void => {
    vi.spyOn(scheduler, "wait").mockResolvedValue();
    const batch = env.DB.batch.bind(env.DB);
    aroundD1((real) => (wrote.yes ? Promise.reject(new Error(OVERLOADED)) : real()));
    const around = env.DB.batch.bind(env.DB);
    vi.spyOn(env.DB, "batch").mockImplementation(async (statements) => {
      const isMaking = statements.some((one) => /^insert into "automations"/.test(textOf(one)));
      const answer = await (isMaking ? batch(statements) : around(statements));
      if (isMaking) wrote.yes = true;
      return answer as never;
    });
  };
  // The runtime's statements carry their text, though its type does not say so.
  const textOf = (one: D1PreparedStatement): string => (one as unknown as { statement: string }).statement;

  test("is refused at once before anything is done, and nobody waits for it", async () => {
    const wait = vi.spyOn(scheduler, "wait").mockResolvedValue();
    aroundD1(() => Promise.reject(new Error(OVERLOADED)));
    const { status, headers, body } = await school.ask("POST", "/v1/automations", automation);
    vi.restoreAllMocks();
    expect([status, headers.get("retry-after"), body.detail]).toEqual([503, "5", "Too much at once. Try again later."]);
    expect(wait).not.toHaveBeenCalled();
  });

  test("has it said that something may be done, once it is", async () => {
    sheddingAfter({ yes: false });
    const { status, body } = await school.ask("POST", "/v1/automations", automation);
    vi.restoreAllMocks();
    expect([status, body.detail]).toEqual([503, expect.stringContaining("It may be done already")]);
    expect(await entries("automation.created")).toHaveLength(1);
  });

  test("does not have a request with an Idempotency-Key done twice that comes again", async () => {
    const wrote = { yes: false };
    sheddingAfter(wrote);
    const key = { "idempotency-key": "k" };
    const first = await school.ask("POST", "/v1/automations", automation, key);
    wrote.yes = false;
    vi.restoreAllMocks();
    // Its claim could not be given back: it counts as of a request that died once it is old.
    await env.DB.prepare("update idempotency set claimed_at = 0 where school = ?").bind(school.id).run();
    const again = await school.ask("POST", "/v1/automations", automation, key);
    expect([first.status, again.status]).toEqual([503, 201]);
    expect(await entries("automation.created")).toMatchObject([{ subject: again.body.id }]);
  });
});
