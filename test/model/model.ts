import { addDuration } from "../../src/catalogue/dates/time";
import {
  type Condition,
  type Definition,
  type Happening,
  type Seen,
  type SeenRun,
  type SeenStep,
  START,
  type Step,
  type Subject,
} from "./history";
import {
  type Automation,
  aboutOf,
  allSteps,
  type Cause,
  caseOf,
  type Enrolment,
  type Fact,
  from,
  isLive,
  isMeant,
  isRepeated,
  lower,
  type Run,
  resolved,
  short,
  union,
  waitFors,
} from "./meaning";

/*
 * What the contract says of runs (§4, §6, §13), written down a second time and as plainly as can be: no compiling, no
 * packing, steps taken off a list. It shares nothing with the engine but the calendar.
 */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MAX_LINKS = 10;
/** Of one run, right one after the other. */
const MAX_STEPS = 1_000;

export class Model implements Subject {
  private now = START;
  private email: string | null = null;
  /** What stands in the field for a date, and since when. */
  private due: { at: number; since: number } | null = null;
  /** Moments that came of it, by automation: each comes once. */
  private readonly reached = new Set<string>();
  private tags: string[] = [];
  private readonly everTags = new Set<string>();
  /** By course: its sources, with their ends and who brought these about. */
  private readonly courses = new Map<string, Map<string, Enrolment>>();
  /** Since when, by course, by what the event said. */
  private readonly enrolledAt = new Map<string, number>();
  private readonly automations: Automation[];
  private readonly deleted = new Set<Automation>();
  private readonly runs: Run[] = [];
  private queue: Run[] = [];
  private turns: { fact: Fact; decisions: string[] }[] = [];
  private facts: Seen["facts"] = [];
  private posted: string[] = [];
  private made = 0;

  constructor(
    definitions: readonly Definition[],
    private readonly zone: string,
    /** How tags are spelled: as first written in the school. */
    private readonly spell: (tag: string) => string,
  ) {
    this.automations = definitions.map((definition, n) => ({
      n,
      active: true,
      activeSince: START,
      version: 1,
      definition,
      starts: new Map(),
    }));
  }

  happen(happening: Happening): Seen {
    this.facts = [];
    this.posted = [];
    switch (happening.kind) {
      case "event":
        this.catchUp();
        this.takeEvent(happening.type, happening.data, {
          at: this.now - (happening.ago ?? 0),
          fires: happening.fire ?? false,
        });
        this.settleFacts();
        break;
      case "put":
        this.catchUp();
        if (this.email !== happening.email) this.make("user.updated", {});
        this.email = happening.email;
        this.settleFacts();
        break;
      case "date": {
        this.catchUp();
        const at = happening.due === null ? null : Date.parse(happening.due);
        if ((this.due?.at ?? null) !== at) {
          this.due = at === null ? null : { at, since: this.now };
          this.make("user.updated", {});
        }
        this.settleFacts();
        break;
      }
      case "import":
        this.catchUp();
        this.addTags(happening.tags, { quiet: !happening.fire });
        this.settleFacts();
        break;
      case "enrol": {
        const automation = this.automation(happening.automation);
        if (!automation) break;
        this.catchUp();
        this.make("automation.enrolled", {}, { only: [automation] });
        this.settleFacts();
        break;
      }
      case "advance":
        this.advance(addDuration(this.now, happening.by, this.zone), happening.late ?? false);
        break;
      case "edit": {
        const automation = this.automation(happening.automation);
        if (automation) this.edit(automation, happening.definition, happening.move);
        break;
      }
      case "activate": {
        const automation = this.automation(happening.automation);
        if (!automation || automation.active) break;
        automation.active = true;
        automation.activeSince = this.now;
        for (const run of this.liveOf(automation)) if (run.status === "held") this.enqueue(run);
        this.catchUp();
        break;
      }
      case "deactivate": {
        const automation = this.automation(happening.automation);
        if (!automation) break;
        automation.active = false;
        if (!happening.exit) break;
        for (const run of this.liveOf(automation)) this.end(run, "exited", "automation_stopped");
        this.catchUp();
        break;
      }
      case "delete": {
        const automation = this.automation(happening.automation);
        if (!automation) break;
        this.deleted.add(automation);
        for (const run of this.liveOf(automation)) this.end(run, "exited", "deleted");
        this.catchUp();
        break;
      }
      case "cancel":
      case "skip": {
        const run = this.runs[happening.run];
        this.catchUp();
        if (run && isLive(run)) {
          if (happening.kind === "cancel") this.end(run, "cancelled");
          else if (run.wait && !run.wait.way) {
            run.wait.way = "time";
            if (run.todo[0]?.type === "wait_for") run.answers.clear();
            this.enqueue(run);
          }
        }
        this.settle();
        break;
      }
    }
    return this.seen();
  }

  private automation(n: number): Automation | undefined {
    const automation = this.automations[n];
    return automation && !this.deleted.has(automation) ? automation : undefined;
  }

  private readonly live = (): Run[] => this.runs.filter(isLive);
  private readonly liveOf = (automation: Automation): Run[] =>
    this.live().filter((run) => run.automation === automation);

  // ---- Time ----

  private catchUp(): void {
    this.advance(this.now, true);
  }

  private advance(until: number, late: boolean): void {
    if (late) this.now = until;
    this.settle();
    for (let due = this.nextDue(until); due; due = this.nextDue(until)) {
      this.now = Math.max(this.now, due.at);
      due.happen();
      this.settle();
    }
    this.now = until;
  }

  /** At one instant: expiries, then dates, then waits, each by age. */
  private nextDue(until: number): { at: number; happen: () => void } | undefined {
    const expiries = [...this.courses].flatMap(([course, sources]) =>
      [...sources].map(([source, { end, lineage }]) => ({
        at: end,
        rank: 0,
        age: 0,
        happen: () => this.withdraw(course, [source], "expired", { lineage }),
      })),
    );
    const waits = this.live().flatMap((run) => {
      const { wait } = run;
      if (run.status !== "waiting" || !wait || wait.wakeAt === null) return [];
      return [{ at: wait.wakeAt, rank: 2, age: wait.since, happen: () => this.timeIsUp(run) }];
    });
    return [...expiries, ...this.dates(), ...waits]
      .filter(({ at }) => at <= until)
      .sort((a, b) => a.at - b.at || a.rank - b.rank || a.age - b.age)[0];
  }

  /** Dates to come, or that have come: of each moment what listens to it, by how it is moved. */
  private dates(): { at: number; rank: number; age: number; happen: () => void }[] {
    const { due } = this;
    if (!due) return [];
    const listening = new Map<string | undefined, { at: number; only: Automation[] }>();
    for (const automation of this.automations) {
      if (this.deleted.has(automation) || !automation.active) continue;
      for (const trigger of automation.definition.when) {
        if (trigger.type !== "date.reached") continue;
        const at = trigger.offset === undefined ? due.at : addDuration(due.at, trigger.offset, this.zone);
        // What was past when it was heard of, or when the automation was made active, is left alone.
        if (at <= due.since || at <= automation.activeSince || this.reached.has(`${automation.n} ${at}`)) continue;
        const known = listening.get(trigger.offset) ?? { at, only: [] };
        known.only.push(automation);
        listening.set(trigger.offset, known);
      }
    }
    return [...listening].map(([offset, { at, only }]) => ({
      at,
      rank: 1,
      age: at,
      happen: () => {
        for (const { n } of only) this.reached.add(`${n} ${at}`);
        this.make("date.reached", { offset }, { only });
      },
    }));
  }

  private timeIsUp(run: Run): void {
    if (!run.wait) return;
    run.wait.way = "time";
    if (run.todo[0]?.type === "wait_for") run.answers.clear();
    this.goOn(run);
  }

  // ---- The user ----

  private takeEvent(type: string, data: Record<string, unknown>, cause: Cause): void {
    const tags = [data.tag].flat().map(String);
    const course = String(data.course);
    if (type === "tag.added") this.addTags(tags, cause);
    else if (type === "tag.removed") this.removeTags(tags, cause);
    else if (type === "course.enrolled") {
      this.enrol(course, "event", typeof data.expires_at === "string" ? Date.parse(data.expires_at) : Infinity, cause);
    } else if (type === "course.unenrolled") this.withdraw(course, ["event", "run"], undefined, cause);
    else this.make(type, data, cause);
  }

  private addTags(tags: readonly string[], cause: Cause = {}): boolean {
    let any = false;
    for (const tag of tags) {
      if (lower(this.tags).includes(tag.toLowerCase())) continue;
      const spelled = this.spell(tag);
      this.tags.push(spelled);
      this.everTags.add(tag.toLowerCase());
      this.make("tag.added", { tag: spelled }, cause);
      any = true;
    }
    return any;
  }

  private removeTags(tags: readonly string[], cause: Cause = {}): boolean {
    let any = false;
    for (const tag of tags) {
      const held = this.tags.find((one) => one.toLowerCase() === tag.toLowerCase());
      if (held === undefined) continue;
      this.tags = this.tags.filter((one) => one !== held);
      this.make("tag.removed", { tag: held }, cause);
      any = true;
    }
    return any;
  }

  private enrol(course: string, source: string, end: number, cause: Cause = {}): "new" | "changed" | "same" {
    const sources = this.courses.get(course);
    // An end that an action set comes to pass as if through a wait.
    const lineage = new Set(cause.run?.lineage);
    if (!sources) {
      this.courses.set(course, new Map([[source, { end, lineage }]]));
      this.enrolledAt.set(course, cause.at ?? this.now);
      this.make("course.enrolled", { course }, cause);
      return "new";
    }
    const known = sources.get(source)?.end ?? -Infinity;
    // An event says when it ends, sooner or later; one of before tells of an earlier enrolment.
    const isOfBefore = (cause.at ?? this.now) < (this.enrolledAt.get(course) ?? 0);
    if (known >= end && (source !== "event" || end === known || isOfBefore)) return "same";
    sources.set(source, { end, lineage });
    return "changed";
  }

  private withdraw(course: string, which: string[], reason?: string, cause: Cause = {}): boolean {
    const sources = this.courses.get(course);
    if (!sources) return false;
    for (const source of which) sources.delete(source);
    if (sources.size) return true;
    this.courses.delete(course);
    this.make("course.unenrolled", { course, ...(reason ? { reason } : {}) }, cause);
    return true;
  }

  private make(type: string, data: Record<string, unknown>, cause: Cause = {}): void {
    const fact: Fact = {
      n: ++this.made,
      type,
      data,
      quiet: cause.quiet ?? false,
      chain: new Set(cause.run?.chain),
      lineage: new Set(cause.lineage ?? cause.run?.lineage),
      tags: new Set(lower(this.tags)),
      everTags: new Set(this.everTags),
      at: cause.at ?? this.now,
      fires: cause.fires ?? false,
      ...(cause.only ? { only: cause.only } : {}),
    };
    const turn = { fact, decisions: [] };
    this.turns.push(turn);
    this.facts.push({ fact: short(type, data) + (fact.quiet ? " (quiet)" : ""), decisions: turn.decisions });
  }

  private holds(condition: Condition, run: { fact: Fact }): boolean {
    if ("all" in condition) return condition.all.every((one) => this.holds(one, run));
    if ("any" in condition) return condition.any.some((one) => this.holds(one, run));
    if ("not" in condition) return !this.holds(condition.not, run);
    if ("tags" in condition) {
      const wanted = lower(resolved(condition.tags, run.fact, "tag"));
      if (!wanted.length) return false;
      const held = wanted.filter((tag) => lower(this.tags).includes(tag));
      if (condition.type === "tags.has") return held.length === wanted.length;
      return condition.type === "tags.has_any" ? held.length > 0 : held.length === 0;
    }
    const courses = resolved(condition.courses, run.fact, "course");
    if (!courses.length) return false;
    const isIn = courses.some((course) => this.courses.has(course));
    return condition.type === "course.is_enrolled" ? isIn : !isIn;
  }

  // ---- Turns ----

  private settleFacts(): void {
    for (let turn = this.turns.shift(); turn; turn = this.turns.shift()) this.takeTurn(turn.fact, turn.decisions);
  }

  private settle(): void {
    this.settleFacts();
    for (let run = this.queue.shift(); run; run = this.queue.shift()) {
      if (run.status === "queued") this.goOn(run);
      this.settleFacts();
    }
  }

  private takeTurn(fact: Fact, decisions: string[]): void {
    const listening = this.live().filter((run) => run.fact.n < fact.n);
    for (const run of listening) {
      const { exit_when: exits = [], exit_if: exitIf } = run.definition;
      if (exits.some((trigger) => isMeant(trigger, fact, run.fact))) this.end(run, "exited", "exit_when");
      else if (exitIf && this.holds(exitIf, run)) this.end(run, "exited", "exit_if");
    }
    for (const run of listening) if (isLive(run)) this.hear(run, fact);
    const here = this.automations.filter((automation) => !this.deleted.has(automation));
    const isSync = (automation: Automation): boolean => automation.definition.synchronous === true;
    for (const automation of [...here.filter(isSync), ...here.filter((one) => !isSync(one))]) {
      const listens = fact.only
        ? fact.only.includes(automation)
        : automation.definition.when.some((trigger) => isMeant(trigger, fact, null));
      if (!listens) continue;
      const stopped = this.stops(automation, fact);
      decisions.push(`${automation.n}: ${stopped ?? "starts"}`);
      if (!stopped) this.start(automation, fact);
    }
  }

  private hear(run: Run, fact: Fact): void {
    const waitsAt = run.wait && run.todo[0]?.type === "wait_for" && !run.wait.way ? run.todo[0] : null;
    if (waitsAt?.type === "wait_for" && isMeant(waitsAt.event, fact, run.fact) && run.wait) {
      // It ends here: later facts count for the next, earlier ones and this one do not.
      run.answers.clear();
      run.wait.way = "event";
      const moved = this.now > run.wait.since;
      run.chain = union(fact.chain, moved ? [run] : run.chain);
      run.lineage = union(run.lineage, fact.lineage);
      if (run.automation.active) this.enqueue(run);
      else this.hold(run);
      return;
    }
    for (const step of waitFors(run.definition.then)) {
      if (step.type !== "wait_for" || step.id === undefined || run.answers.has(step.id)) continue;
      if (isMeant(step.event, fact, run.fact)) run.answers.set(step.id, { fact, at: this.now });
    }
  }

  /** The first thing that keeps an automation from starting on a fact; null: nothing. */
  private stops(automation: Automation, fact: Fact): string | null {
    const { definition, starts } = automation;
    if (!automation.active) return "inactive";
    if (fact.quiet) return "quiet";
    if (!fact.fires && fact.at < automation.activeSince - DAY) return "before_active";
    const last = starts.get("")?.at(-1) ?? -Infinity;
    const isItsOwn = [...fact.chain].some((run) => run.automation === automation);
    if (isItsOwn || fact.chain.size >= MAX_LINKS) return "loop_stopped";
    if (fact.lineage.has(automation) && this.now < last + HOUR) return "loop_stopped";
    if (definition.only_if && !this.holds(definition.only_if, { fact })) return "only_if";
    const all = starts.get(this.counted(automation, fact)) ?? [];
    const counted = all.at(-1);
    if (definition.reentry === "one_at_a_time" && this.rivals(automation, fact).length) return "already_running";
    if (counted === undefined) return null;
    if (definition.reentry === "once") return "once";
    if (definition.cooldown && this.now < addDuration(counted, definition.cooldown, this.zone)) return "cooldown";
    const { limit } = definition;
    const recent = all.filter((at) => !limit?.per || this.now < addDuration(at, limit.per, this.zone));
    if (limit && recent.length >= limit.times) return "limit";
    return null;
  }

  private readonly counted = (automation: Automation, fact: Fact): string =>
    automation.definition.reentry_per === "trigger" ? aboutOf(fact) : "";

  /** Its live runs, or those that are about the same. */
  private readonly rivals = (automation: Automation, fact: Fact): Run[] =>
    this.liveOf(automation).filter((run) => this.counted(automation, run.fact) === this.counted(automation, fact));

  private start(automation: Automation, fact: Fact): void {
    const { definition, version } = automation;
    if (definition.reentry === "restart") {
      for (const run of this.rivals(automation, fact)) this.end(run, "exited", "restarted");
    }
    for (const about of ["", aboutOf(fact)])
      automation.starts.set(about, [...(automation.starts.get(about) ?? []), this.now]);
    const run: Run = {
      n: this.runs.length,
      automation,
      version,
      definition,
      status: "running",
      reason: null,
      fact,
      startedAt: this.now,
      endedAt: null,
      todo: definition.then,
      wait: null,
      hasWaited: false,
      round: 0,
      chain: new Set(),
      lineage: union(fact.lineage, [automation]),
      answers: new Map(),
      steps: [],
    };
    run.chain = union(fact.chain, [run]);
    this.runs.push(run);
    if (definition.synchronous) this.execute(run);
    else this.enqueue(run);
  }

  // ---- Runs ----

  private enqueue(run: Run): void {
    run.status = "queued";
    if (run.wait) run.wait.wakeAt = null;
    this.queue.push(run);
  }

  private hold(run: Run): void {
    run.status = "held";
    if (run.wait) run.wait.wakeAt = null;
  }

  private end(run: Run, status: "completed" | "exited" | "cancelled", reason: string | null = null): void {
    const waiting = run.steps.find((step) => step.status === "waiting");
    if (waiting) waiting.status = "exited";
    Object.assign(run, { status, reason, endedAt: this.now, wait: null, todo: [] });
  }

  /** A queued run whose turn has come, or a wait that is over. */
  private goOn(run: Run): void {
    if (!run.automation.active) return this.hold(run);
    const { wait } = run;
    if (wait) {
      const step = run.todo.shift() ?? { type: "exit" };
      const log = run.steps.find((one) => one.status === "waiting");
      if (log) log.status = "done";
      if (log && step.type === "wait_for") log.said = wait.way === "event";
      if (step.type === "wait_for")
        run.todo = [...(wait.way === "event" ? step.on_event : step.on_timeout), ...run.todo];
      if (wait.way === "time" && this.now > wait.since) run.chain = new Set();
      run.wait = null;
      run.hasWaited = true;
    }
    this.execute(run);
  }

  private execute(run: Run): void {
    run.status = "running";
    run.todo = [...run.todo];
    let count = 0;
    for (let step = run.todo[0]; step; step = run.todo[0]) {
      const { exit_if: exitIf } = run.definition;
      if (run.hasWaited && exitIf && this.holds(exitIf, run)) return this.end(run, "exited", "exit_if");
      if (count++ === MAX_STEPS) return this.enqueue(run);
      if (step.type === "repeat" && run.round > 0) {
        this.round(run, step);
        continue;
      }
      const log: SeenStep = { step: step.id ?? "", status: "done", at: this.now, round: run.round, said: null };
      run.steps.push(log);
      if (step.type === "repeat") {
        log.said = 0;
        this.round(run, step);
        continue;
      }
      if (step.type === "exit") return this.end(run, "exited", "exit");
      if (step.type === "wait" || step.type === "wait_for") {
        const answer = step.type === "wait_for" ? run.answers.get(log.step) : undefined;
        const wakeAt = addDuration(this.now, step.type === "wait" ? step.for : step.timeout, this.zone);
        log.said = answer ? true : new Date(wakeAt).toISOString();
        if (!answer && (step.type === "wait_for" || wakeAt > this.now)) {
          log.status = "waiting";
          run.status = "waiting";
          run.wait = { since: this.now, wakeAt, way: null };
          return;
        }
        if (answer) {
          // Both sides of the same instant are one chain, whichever came first.
          if (answer.at === this.now) {
            run.chain = union(run.chain, answer.fact.chain);
            run.lineage = union(run.lineage, answer.fact.lineage);
          }
          run.answers.clear();
        }
      }
      run.todo.shift();
      if (step.type === "wait_for") run.todo.unshift(...step.on_event);
      else if (step.type === "branch") {
        const holds = this.holds(step.if, run);
        log.said = holds ? "yes" : "no";
        run.todo.unshift(...(holds ? step.yes : step.no));
      } else if (step.type === "match") {
        const way = caseOf(step, run.fact, this.email);
        log.said = way;
        run.todo.unshift(...(way === "else" ? step.else : (step.cases[way]?.steps ?? [])));
      } else if (step.type !== "wait") this.act(run, step, log);
    }
    this.end(run, "completed");
  }

  /** Begins another round, behind which the repeat comes again; or goes on below. */
  private round(run: Run, step: Extract<Step, { type: "repeat" }>): void {
    if (run.round >= step.times || (step.until && this.holds(step.until, run))) {
      run.round = 0;
      run.todo.shift();
      return;
    }
    run.round++;
    const log = run.steps.findLast((one) => one.step === step.id);
    if (log) log.said = run.round;
    run.todo.unshift(...step.steps);
  }

  private act(run: Run, step: Step, log: SeenStep): void {
    const cause = { run };
    const skip = (reason: string): void => void Object.assign(log, { status: "skipped", said: reason });
    if (step.type === "email.user") {
      if (this.email === null) return skip("no_email");
      this.posted.push(`${run.n} ${log.step}${run.round ? `-r${run.round}` : ""} ${this.email} ${step.subject}`);
    } else if (step.type === "tags.add" || step.type === "tags.remove") {
      const tags = resolved(step.tags, run.fact, "tag");
      if (!tags.length) return skip("nothing_meant");
      if (step.type === "tags.add") {
        if (!this.addTags(tags, cause)) skip("already_held");
      } else if (!this.removeTags(tags, cause)) skip("not_held");
    } else if (step.type === "course.enroll") {
      const courses = resolved(step.courses, run.fact, "course");
      if (!courses.length) return skip("nothing_meant");
      const end = step.expires_after ? addDuration(this.now, step.expires_after, this.zone) : Infinity;
      const results = courses.map((course) => this.enrol(course, "run", end, cause));
      if (results.every((one) => one === "same")) skip("already_enrolled");
      else if (results.some((one) => one !== "new")) log.said = "already_enrolled";
    } else if (step.type === "course.unenroll") {
      const courses = resolved(step.courses, run.fact, "course");
      if (!courses.length) return skip("nothing_meant");
      const results = courses.map((course) => this.withdraw(course, ["event", "run"], undefined, cause));
      if (!results.includes(true)) skip("not_enrolled");
    }
  }

  // ---- Edits ----

  private edit(automation: Automation, definition: Definition, move: boolean): void {
    if (JSON.stringify(definition) !== JSON.stringify(automation.definition)) automation.version++;
    automation.definition = definition;
    if (!move) return;
    for (const run of this.liveOf(automation)) if (run.version < automation.version) this.move(run, automation);
    this.catchUp();
  }

  /** A run that has not begun begins the new version; another goes on at the step of the same id and kind. */
  private move(run: Run, automation: Automation): void {
    const before = run.definition;
    const { definition } = automation;
    const at = run.todo[0];
    run.version = automation.version;
    run.definition = definition;
    for (const id of run.answers.keys()) {
      const eventOf = (steps: Step[]): string => {
        const step = allSteps(steps).find((one) => one.id === id);
        // "all" is what is meant where nothing is said.
        return step?.type === "wait_for" ? JSON.stringify({ match: "all", ...step.event }) : "";
      };
      if (eventOf(before.then) !== eventOf(definition.then)) run.answers.delete(id);
    }
    if (!run.steps.length) {
      run.round = 0;
      run.todo = definition.then;
      return;
    }
    const todo = from(definition.then, at?.id);
    const step = todo?.[0];
    if (!todo || !step || step.type !== at?.type) return this.end(run, "exited", "step_gone");
    run.todo = [...todo];
    const isInRounds = isRepeated(definition.then, at.id);
    if (isInRounds !== isRepeated(before.then, at.id)) run.round = isInRounds ? 1 : 0;
    if (run.status !== "waiting" || !run.wait || (step.type !== "wait" && step.type !== "wait_for")) return;
    run.wait.wakeAt = addDuration(run.wait.since, step.type === "wait" ? step.for : step.timeout, this.zone);
    const log = run.steps.find((one) => one.status === "waiting");
    if (log) log.said = new Date(run.wait.wakeAt).toISOString();
  }

  private seen(): Seen {
    return {
      now: this.now,
      tags: [...this.tags],
      courses: [...this.courses]
        .map(
          ([course, sources]) => `${course} ${[...sources].map(([source, { end }]) => `${source} ${end}`).join(", ")}`,
        )
        .sort(),
      facts: this.facts,
      posted: this.posted,
      runs: this.runs.map(
        (run): SeenRun => ({
          automation: run.automation.n,
          version: run.version,
          status: run.status,
          reason: run.reason,
          wakeAt: run.wait?.wakeAt ?? null,
          startedAt: run.startedAt,
          endedAt: run.endedAt,
          steps: run.steps.map((step) => ({ ...step })),
        }),
      ),
    };
  }
}
