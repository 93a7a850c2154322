import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { beforeEach, describe, expect, inject, test, vi } from "vitest";
import type { ActionMessage } from "../src/calls/messages";
import { tick } from "../src/cron/tick";
import {
  call,
  consume,
  env,
  type HeldQueues,
  heldBy,
  holdQueues,
  makeSchool,
  packedIn,
  stubOf,
  type TestSchool,
} from "../test/workers/live";
import { DELIVERY_LEASE_MS } from "./sending/outbox";

/*
 * One seed owns everything that may go wrong around users' objects: the clock, what becomes of each message of the
 * queues, what a consumer does with a delivery, D1 refusing, evictions, alarms at any time or lost, lost answers, edits,
 * exits, erasures. Whatever happens, nothing is done early, after an exit, or for someone erased; and once nothing goes
 * wrong any more, everything comes to rest, done once. What fails here goes into KEPT, and is run first for ever.
 */
const SEEDS = inject("seeds") ?? [1, 2, 3, 4, 5, 6, 7, 8];
const KEPT = [381066, 204983];
const HAPPENINGS = 120;
const ROUNDS = 400;

const FAILED = { ok: false, error: "planted", retry: true } as const;
const MINUTE = 60_000;
/** Ahead of the runtime's own clock, so that no alarm rings but when told. */
const BEGIN = Date.UTC(2031, 2, 3, 9);
const USERS = ["anna", "ben"];

const mail = (id: string) => ({ id, type: "email.user", subject: id, body: "Hello" });
const drip = (minutes: number) => ({
  name: "Drip",
  when: [{ type: "custom", name: "go" }],
  then: [
    mail("first"),
    { id: "pause", type: "wait", for: `PT${minutes}M` },
    mail("second"),
    {
      id: "until",
      type: "wait_for",
      event: { type: "tag.added", tags: ["done"] },
      timeout: "PT30M",
      on_event: [mail("done")],
      on_timeout: [mail("late")],
    },
  ],
  exit_when: [{ type: "custom", name: "stop" }],
});

interface Run {
  id: string;
  status: string;
  steps: { step_id: string; type: string; status: string; at: string; detail?: { until?: string } }[];
}
interface Delivery {
  run_id: string;
  step_id: string;
  status: string;
  idempotency_key: string;
}

/** Numbers from 0 up to 1 that a seed decides (mulberry32, public domain). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

class Simulation {
  private now = BEGIN;
  private active = true;
  private events = 0;
  private readonly sent: { user: string; id: string; type: string; data: Record<string, unknown>; answer: unknown }[] =
    [];
  /** Runs that must be there in the end, by user; erasing takes them away. */
  private readonly begun = new Map<string, string[]>();
  private readonly exited = new Set<string>();
  private readonly erased = new Set<string>();
  /** What the world outside saw, by idempotency key. */
  private readonly performed = new Map<string, number>();
  /** Until when one consumer has a delivery to itself. */
  private readonly leases = new Map<string, number>();

  constructor(
    private readonly next: () => number,
    private readonly school: TestSchool,
    private readonly queues: HeldQueues,
    private readonly automation: string,
  ) {}

  private readonly pick = <T>(list: readonly T[]): T => {
    const one = list[Math.floor(this.next() * list.length)];
    if (one === undefined) throw new Error("nothing to pick from");
    return one;
  };

  private set(now: number): void {
    this.now = now;
    vi.useFakeTimers({ now, toFake: ["Date"] });
  }

  private readonly ways: [weight: number, happen: () => Promise<unknown>][] = [
    [8, () => this.send("custom.go", {})],
    [3, () => this.send("custom.stop", {})],
    [3, () => this.send("tag.added", { tag: "done" })],
    [3, () => this.send("tag.removed", { tag: "done" })],
    [3, () => this.sendAgain()],
    [8, async () => this.set(this.now + Math.floor(this.next() * 8 * MINUTE))],
    [1, async () => this.set(this.now - Math.floor(this.next() * 2 * MINUTE))],
    [14, () => this.handle()],
    [5, () => this.writeLog()],
    [5, () => runDurableObjectAlarm(stubOf(this.school.id, this.pick(USERS)))],
    [4, () => this.evict()],
    [2, () => this.loseAlarm()],
    [2, () => this.toggle()],
    [2, () => this.edit()],
    [1, () => this.erase()],
    [1, () => tick(env)],
  ];

  async happen(): Promise<void> {
    this.set(this.now + 1);
    const total = this.ways.reduce((sum, [weight]) => sum + weight, 0);
    let rest = this.next() * total;
    for (const [weight, happen] of this.ways) {
      rest -= weight;
      if (rest < 0) return void (await happen());
    }
  }

  private async send(type: string, data: Record<string, unknown>): Promise<void> {
    const user = this.pick(USERS);
    const id = `evt-${++this.events}`;
    const answer = await this.school.event(type, { id: user, email: `${user}@example.com` }, data, id);
    this.sent.push({ user, id, type, data, answer });
    const ids: string[] = answer.runs.map((run: { id: string }) => run.id);
    expect(ids.length).toBe(type === "custom.go" && this.active ? 1 : 0);
    this.begun.set(user, [...(this.begun.get(user) ?? []), ...ids]);
    if (type !== "custom.stop") return;
    const { object } = await this.school.object(user);
    const { items } = await object.ended({});
    for (const one of items) if ("run" in one && one.run.status === "exited") this.exited.add(one.run.id);
    expect((await object.state())?.runs).toEqual([]);
  }

  /** The answer was lost, so the sender sends again; or another event has got the same id. */
  private async sendAgain(): Promise<void> {
    if (!this.sent.length) return;
    const { user, id, type, data, answer } = this.pick(this.sent);
    const body = { id, type, user: { id: user, email: `${user}@example.com` }, data };
    const again = await call("POST", "/v1/events", body, this.school.key);
    // The user is shown as of now.
    const { user: shown } = again.body;
    expect([user, undefined]).toContain(shown?.id);
    const whileThere = { ...(answer as object), duplicate: true, user: shown };
    const afterErasure = { id, duplicate: true, facts: [], runs: [], user: null };
    expect([whileThere, afterErasure]).toContainEqual(again.body);
    const other = await call("POST", "/v1/events", { ...body, data: { ...data, tag: "other" } }, this.school.key);
    expect(other.status).toBe(409);
  }

  /** One message of the queue, any of them: handled, lost, or handled now and again later. */
  private async handle(): Promise<void> {
    const { actions } = this.queues;
    if (!actions.length) return;
    const index = Math.floor(this.next() * actions.length);
    const [message] = this.next() < 0.2 ? actions.slice(index, index + 1) : actions.splice(index, 1);
    if (message && this.next() < 0.85) await this.perform(message, this.pick(["sends", "fails", "loses", "crashes"]));
  }

  private async perform(message: ActionMessage, way: "sends" | "fails" | "loses" | "crashes"): Promise<void> {
    if (message.kind === "wake_users") return this.wake(message.users.map(({ user }) => user));
    if (message.kind !== "deliver") return void (await consume("schoolbell-actions", [message]));
    const { object, reference } = await this.school.object(message.user);
    const claim = await object.claim(reference, message.delivery);
    if (!claim) return;
    const { run, key } = claim.delivery;
    expect(this.leases.get(key) ?? 0, "nobody else has it").toBeLessThanOrEqual(this.now);
    this.leases.set(key, this.now + DELIVERY_LEASE_MS);
    expect([...this.exited], "nothing leaves for a run that has exited").not.toContain(run);
    expect([...this.erased], "nothing leaves for who was erased").not.toContain(run);
    const isOk = way === "sends" || way === "loses";
    if (isOk) this.performed.set(key, (this.performed.get(key) ?? 0) + 1);
    if (way === "crashes" || way === "loses") return;
    await object.settle(reference, message.delivery, isOk ? { ok: true } : FAILED);
    this.leases.delete(key);
  }

  /** What a consumer takes up with the waking goes on by itself, or is lost as a message may be. */
  private async wake(users: readonly string[]): Promise<void> {
    for (const user of users) {
      const { object, reference } = await this.school.object(user);
      const { deliveries = [] } = await object.advance(reference, null, 100_000, { delivers: true });
      this.queues.actions.push(...deliveries);
    }
  }

  private async writeLog(): Promise<void> {
    const { log } = this.queues;
    if (!log.length) return;
    const index = Math.floor(this.next() * log.length);
    const messages = this.next() < 0.2 ? log.slice(index) : log.splice(index);
    if (this.next() < 0.2) return;
    const isRefused = this.next() < 0.2;
    const refusing = vi.spyOn(env.DB, "batch");
    if (isRefused) refusing.mockRejectedValueOnce(new Error("planted"));
    const writing = consume("schoolbell-log", messages);
    // The queue brings again what failed; here it is lost with that.
    await (isRefused ? writing.catch(() => {}) : writing);
    refusing.mockRestore();
  }

  private async evict(): Promise<void> {
    const user = this.pick(USERS);
    // What does not run cannot be evicted.
    await (await this.school.object(user)).object.state();
    await evictDurableObject(stubOf(this.school.id, user));
  }

  /**
   * The platform keeps alarms, and now and then loses one; an object that wakes up sets it anew, and whom the directory
   * knows the watchdog wakes. Of who is new to it there is the alarm, and the message: one of the two stays.
   */
  private async loseAlarm(): Promise<void> {
    const user = this.pick(USERS);
    const listed = env.DB.prepare("select 1 from users where school = ? and id = ?").bind(this.school.id, user);
    if ((await listed.first()) === null) return;
    await runInDurableObject(stubOf(this.school.id, user), (_, { storage }) => storage.deleteAlarm());
    await evictDurableObject(stubOf(this.school.id, user));
  }

  private async toggle(): Promise<void> {
    this.active = !this.active;
    await this.school.patch(this.automation, { active: this.active });
  }

  private async edit(): Promise<void> {
    const body = { ...drip(this.pick([5, 10, 20])), active: this.active };
    const { status } = await call("PUT", `/v1/automations/${this.automation}?live=move`, body, this.school.key);
    expect(status).toBe(200);
  }

  private async erase(): Promise<void> {
    const user = this.pick(USERS);
    await call("DELETE", `/v1/users/${user}`, undefined, this.school.key);
    for (const run of this.begun.get(user) ?? []) this.erased.add(run);
    this.begun.delete(user);
  }

  /** Nothing goes wrong any more: all that is on its way arrives, and alarms ring when they are due. */
  async rest(): Promise<void> {
    if (!this.active) await this.toggle();
    for (let round = 0; round < ROUNDS; round++) {
      const { actions, log } = this.queues;
      if (actions.length) for (const message of actions.splice(0)) await this.perform(message, "sends");
      else if (log.length) await consume("schoolbell-log", log.splice(0));
      else {
        const held = await this.held();
        const due = held.filter(({ alarm }) => alarm !== null && alarm <= this.now);
        for (const { user } of due) await runDurableObjectAlarm(stubOf(this.school.id, user));
        if (due.length) continue;
        if (!(await this.isBusy())) return;
        // Who was woken by that sets an alarm that was lost anew, by a timer: it has its turn first.
        await new Promise((resolve) => setTimeout(resolve));
        // The watchdog comes by every minute; here, whenever an alarm does.
        this.set(Math.min(...(await this.held()).map(({ alarm }) => alarm ?? Number.POSITIVE_INFINITY)));
        await tick(env);
      }
    }
    throw new Error("it comes to no rest");
  }

  private readonly held = () =>
    Promise.all(USERS.map(async (user) => ({ user, ...(await heldBy(this.school.id, user)) })));

  private async isBusy(): Promise<boolean> {
    const all = await Promise.all(USERS.map((user) => packedIn(this.school.id, user)));
    return all.some(
      (one) =>
        one &&
        (one.state?.runs.length || Object.keys(one.outbox).length || one.logSeq > one.heardSeq || one.words.length),
    );
  }

  /** What the log says in the end is what was to happen, and what the world saw. */
  async check(): Promise<void> {
    const get = async (path: string) => (await call("GET", path, undefined, this.school.key)).body.data;
    for (const user of USERS) {
      const runs: Run[] = await get(`/v1/runs?user=${user}&limit=100`);
      const deliveries: Delivery[] = await get(`/v1/deliveries?user=${user}&limit=100`);
      expect(runs.map(({ id }) => id).sort()).toEqual([...(this.begun.get(user) ?? [])].sort());
      expect(new Set(deliveries.map((one) => one.idempotency_key)).size).toBe(deliveries.length);
      for (const run of runs)
        this.checkRun(
          run,
          deliveries.filter((one) => one.run_id === run.id),
        );
    }
  }

  private checkRun(run: Run, deliveries: readonly Delivery[]): void {
    expect(["completed", "exited"]).toContain(run.status);
    const mails = run.steps.filter((step) => step.type === "email.user").map((step) => step.step_id);
    expect(deliveries.map((one) => one.step_id).sort(), "each step that was done posted once").toEqual(mails.sort());
    if (run.status === "completed") expect(mails).toHaveLength(3);
    for (const { status, idempotency_key: key } of deliveries) {
      expect(run.status === "completed" ? ["sent"] : ["sent", "suppressed"]).toContain(status);
      if (status === "sent") expect(this.performed.get(key)).toBeGreaterThan(0);
    }
    for (const [index, step] of run.steps.entries()) {
      const after = run.steps[index + 1];
      if (step.detail?.until && step.status === "done" && after) expect(after.at >= step.detail.until).toBe(true);
    }
  }
}

test.each([...KEPT, ...SEEDS])(
  "whatever goes wrong (%i), all is done once, in time, and comes to rest",
  async (seed) => {
    vi.useFakeTimers({ now: BEGIN, toFake: ["Date"] });
    const queues = holdQueues();
    const school = await makeSchool();
    const automation = await school.automation(drip(10));
    const simulation = new Simulation(chance(seed), school, queues, automation);
    for (let i = 0; i < HAPPENINGS; i++) await simulation.happen();
    await simulation.rest();
    await simulation.check();
  },
  60_000,
);

describe("a run that the log did not know of yet when its automation was changed", () => {
  let school: TestSchool;
  let automation: string;
  /** Queued runs go on by the alarm, their message being lost; D1 does not hear of it. */
  const ring = () => runDurableObjectAlarm(stubOf(school.id, "anna"));
  const put = (body: object) => call("PUT", `/v1/automations/${automation}?live=move`, body, school.key);
  const runOf = async (user: string) => (await (await school.object(user)).object.state())?.runs[0];
  /** The log is written at last, and the watchdog comes by. */
  const later = async (minutes: number) => {
    await consume("schoolbell-log", [{ school: school.id, user: "anna" }]);
    vi.useFakeTimers({ now: Date.now() + minutes * MINUTE, toFake: ["Date"] });
    await tick(env);
  };

  beforeEach(async () => {
    vi.useFakeTimers({ now: BEGIN, toFake: ["Date"] });
    holdQueues();
    school = await makeSchool();
    automation = await school.automation(drip(10));
    await school.event("custom.go", { id: "anna", email: "anna@example.com" });
  });

  test("goes on once the automation is active again", async () => {
    await school.patch(automation, { active: false });
    await ring();
    expect((await runOf("anna"))?.status).toBe("held");
    await school.patch(automation, { active: true });
    await later(1);
    expect((await runOf("anna"))?.status).toBe("waiting");
  });

  test("moves to the new version", async () => {
    await ring();
    await put(drip(3));
    await later(4);
    expect(await runOf("anna")).toMatchObject({ version: 2, waiting: { step: "until" } });
  });

  test("exits with the automation", async () => {
    await ring();
    await school.patch(automation, { active: false, live_runs: "exit" });
    await later(1);
    expect(await runOf("anna")).toBeUndefined();
  });
});
