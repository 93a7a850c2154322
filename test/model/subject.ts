import { addDuration } from "../../src/catalogue/dates/time";
import { NO_NAMES } from "../../src/catalogue/facts/products";
import { AS_NAMED } from "../../src/catalogue/options/course-id";
import type { Automation, Effects, Program, Run, UserState, World } from "../../src/engine/types";
import { freezeItems } from "../frozen";
import type * as engine from "./engine";
import { giverFaults } from "./givers";
import { type Definition, type Happening, type Seen, START, type Subject } from "./history";

export type Engine = typeof engine;

const WRITTEN = { by: "event", id: null } as const;
const IMPORTED = { by: "import", id: "job_1" } as const;
const BY_HAND = { by: "hand", id: "ops@school.org" } as const;
const ENDED = new Set(["completed", "exited", "cancelled", "failed"]);

export interface Options {
  /** The state is written down and read again before each happening, which then is done twice. */
  doubts?: boolean;
  /** Time passes in so many parts. */
  parts?: number;
  /** Advancing stops after so many steps, to be called again. */
  maxSteps?: number;
  /** Hears of each edit, with what the school is since. */
  edited?: (world: World, at: number) => void;
}

interface Known {
  automation: Automation;
  versions: Map<number, Program>;
  written: string;
}

/** The engine with one user of a school: what the user's object and the definitions' tables do around it. */
export class EngineSubject implements Subject {
  private now = START;
  private state: UserState;
  private stamp = 1;
  private readonly known: (Known | null)[];
  private readonly runs = new Map<string, Run>();
  /** Those that had ended before the happening at hand. */
  private readonly ended = new Set<string>();
  private readonly spellings: Map<string, string>;
  private happened: Effects[] = [];
  private count = 0;
  private nextWake: number | null = null;

  constructor(
    private readonly engine: Engine,
    definitions: readonly Definition[],
    private readonly zone: string,
    spellings: Record<string, string>,
    private readonly options: Options = {},
  ) {
    this.state = engine.newState("anna", START);
    this.spellings = new Map(Object.entries(spellings));
    this.known = definitions.map((definition, n) => {
      const program = this.compiled(definition, 1);
      const automation: Automation = {
        id: `aut_${n}`,
        active: true,
        activeSince: START,
        revision: 1,
        moveVersion: 0,
        exitRevision: 0,
        program,
      };
      return { automation, versions: new Map([[1, program]]), written: JSON.stringify(definition) };
    });
  }

  private compiled(body: Definition, version: number): Program {
    const { definition, faults } = this.engine.checkDefinition({ ...body });
    if (faults.length) throw new Error(JSON.stringify(faults));
    return this.engine.compile(definition, version);
  }

  private world(): World {
    const automations = this.known.flatMap((one) => (one ? [one.automation] : []));
    return {
      school: {
        id: "school",
        name: "School",
        mode: "test",
        settings: { timezone: this.zone, collaborators: [] },
        fields: new Map(),
        segments: new Map(),
        bundles: new Map(),
        subscriptions: new Map(),
        seats: new Map(),
        courseDates: new Map(),
        courseId: AS_NAMED,
        fixedBundles: new Set(),
        names: NO_NAMES,
        spellings: this.spellings,
      },
      stamp: this.stamp,
      automations,
      byId: new Map(automations.map((one) => [one.id, one])),
      program: (id, version) => this.known.find((one) => one?.automation.id === id)?.versions.get(version),
      segments: new Map(),
      syncs: [],
      autoGroups: [],
    };
  }

  happen(happening: Happening): Seen {
    this.happened = [];
    this.dispatch(happening);
    this.checkEnds();
    return this.seen();
  }

  /** Whoever hands tags in spells them as the school does. */
  private spelled(tags: readonly string[]): string[] {
    return tags.map((tag) => this.spellings.get(tag.toLowerCase()) ?? tag);
  }

  private dispatch(happening: Happening): void {
    switch (happening.kind) {
      case "event": {
        const { type } = happening;
        const event = this.engine.eventOf(type);
        if (!event) throw new Error(`unknown event ${type}`);
        const read = event.data.parse(happening.data);
        const data = event.tags ? event.tags.respelled(read, this.spelled(event.tags.of(read))) : read;
        const id = `evt-${++this.count}`;
        const at = this.now - (happening.ago ?? 0);
        const { fire } = happening;
        return this.step({ kind: "event", id, event, type, data, attributes: {}, at, ...(fire ? { fire } : {}) });
      }
      case "put":
        return this.step({ kind: "put", attributes: { email: happening.email }, origin: WRITTEN });
      case "date":
        return this.step({ kind: "put", attributes: { fields: { due: happening.due } }, origin: WRITTEN });
      case "import":
        return this.step({
          kind: "import",
          attributes: {},
          tags: this.spelled(happening.tags),
          fire: happening.fire,
          origin: IMPORTED,
        });
      case "enrol": {
        const id = this.known[happening.automation]?.automation.id;
        return id === undefined ? undefined : this.step({ kind: "enrol", automation: id, origin: BY_HAND });
      }
      case "advance": {
        const until = addDuration(this.now, happening.by, this.zone);
        const parts = happening.late ? 1 : (this.options.parts ?? 1);
        const from = this.now;
        for (let part = 1; part <= parts; part++) {
          this.pass(from + Math.floor(((until - from) * part) / parts), happening.late ?? false);
        }
        return;
      }
      case "edit":
        return this.edit(happening.automation, happening.definition, happening.move);
      case "activate":
        if (!this.known[happening.automation] || this.known[happening.automation]?.automation.active) return;
        this.write(happening.automation, { active: true, activeSince: this.now });
        return this.advance(this.now);
      case "deactivate": {
        const known = this.known[happening.automation];
        if (!known) return;
        const exit = happening.exit ? { exitRevision: known.automation.revision + 1 } : {};
        this.write(happening.automation, { active: false, ...exit });
        return happening.exit ? this.advance(this.now) : undefined;
      }
      case "delete":
        if (!this.known[happening.automation]) return;
        this.known[happening.automation] = null;
        this.edited();
        return this.advance(this.now);
      case "cancel":
      case "skip": {
        const id = [...this.runs.keys()][happening.run] ?? "";
        const result = this.ask((state) =>
          this.engine.control(state, this.world(), this.now, id, happening.kind === "cancel" ? "cancel" : "skip"),
        );
        this.take(result.effects);
        this.nextWake = result.nextWake;
        return;
      }
    }
  }

  private edit(n: number, definition: Definition, move: boolean): void {
    const known = this.known[n];
    if (!known) return;
    const written = JSON.stringify(definition);
    const { program } = known.automation;
    const isNew = written !== known.written;
    const version = program.version + (isNew ? 1 : 0);
    known.written = written;
    const next = isNew ? this.compiled(definition, version) : program;
    known.versions.set(version, next);
    this.write(n, { program: next, ...(move ? { moveVersion: version } : {}) });
    if (move) this.advance(this.now);
  }

  private write(n: number, change: Partial<Automation>): void {
    const known = this.known[n];
    if (!known) return;
    known.automation = { ...known.automation, ...change, revision: known.automation.revision + 1 };
    this.edited();
  }

  private edited(): void {
    this.stamp++;
    this.options.edited?.(this.world(), this.now);
  }

  private step(input: Parameters<Engine["step"]>[1]): void {
    const { before, effects, nextWake } = this.ask((state) => this.engine.step(state, input, this.world(), this.now));
    this.take(before);
    this.take(effects);
    this.nextWake = nextWake;
  }

  /** The clock moves; the user's object hears of it when something of the user's is due. */
  private pass(until: number, late: boolean): void {
    const isDue = this.nextWake !== null && this.nextWake <= until;
    if (isDue || this.options.parts !== undefined) this.advance(until, late);
    else this.now = until;
  }

  private advance(until: number, late = false): void {
    const { maxSteps } = this.options;
    for (let calls = 1; ; calls++) {
      const options = { jumps: !late, from: this.now, ...(maxSteps === undefined || late ? {} : { maxSteps }) };
      const result = this.ask((state) => this.engine.advance(state, this.world(), until, options));
      this.take(result.effects);
      this.now = result.now;
      this.nextWake = result.nextWake;
      if (result.finished) return;
      if (calls * (maxSteps ?? 1) > 10_000) throw new Error("advancing comes to no end");
    }
  }

  /** Lets the engine act on the state; where there are doubts, on what was written of it, and twice. */
  private ask<T>(act: (state: UserState) => T): T {
    if (!this.options.doubts) return act(this.state);
    const [first, second] = [JSON.parse(JSON.stringify(this.state)), structuredClone(this.state)];
    const [one, other] = [act(first), act(second)];
    const [said, again] = [
      [first, one],
      [second, other],
    ].map((result) => JSON.stringify(result, maps));
    if (said !== again) throw new Error(`acting twice differs:\n${said}\n${again}`);
    this.state = first;
    return one;
  }

  private take(effects: Effects): void {
    this.happened.push(effects);
    for (const run of effects.runs.values()) {
      if (this.ended.has(run.id)) throw new Error(`${run.id} changed after its end`);
      this.runs.set(run.id, structuredClone(run));
    }
    for (const { run } of effects.deliveries) if (this.ended.has(run)) throw new Error(`${run} posted after its end`);
  }

  /** What must hold at rest, whatever happened. */
  private checkEnds(): void {
    const [fault] = giverFaults(this.state.learner);
    if (fault) throw new Error(fault);
    freezeItems(this.state.learner);
    const live = new Set(this.state.runs.map((run) => run.id));
    for (const run of this.state.runs) {
      const known = this.runs.get(run.id);
      if (shown(known) !== shown(run)) throw new Error(`${run.id} changed without a word`);
      const wakes = run.status === "waiting" && run.waiting?.wakeAt != null;
      const queued = run.status === "queued" && run.queued !== undefined;
      if (!wakes && !queued && run.status !== "held")
        throw new Error(`${run.id} is ${run.status}, and nothing wakes it`);
    }
    for (const run of this.runs.values()) {
      if (ENDED.has(run.status)) this.ended.add(run.id);
      if (!ENDED.has(run.status) && !live.has(run.id)) throw new Error(`${run.id} is lost`);
      if (ENDED.has(run.status) && live.has(run.id)) throw new Error(`${run.id} lives on after its end`);
      if (run.steps.some((one) => one.at > (run.endedAt ?? one.at))) throw new Error(`${run.id} acted after its end`);
    }
  }

  private seen(): Seen {
    const { learner } = this.state;
    const numbers = new Map([...this.runs.keys()].map((id, n) => [id, n]));
    return {
      now: this.now,
      tags: [...learner.tags],
      courses: learner.enrolments
        .map(
          ({ product, sources }) =>
            `${product} ${sources.map((one) => `${one.source} ${one.endsAt ?? Infinity}`).join(", ")}`,
        )
        .sort(),
      facts: this.happened.flatMap(({ facts }) =>
        facts.map(({ type, data, quiet, decisions }) => ({
          fact: short(type, data) + (quiet ? " (quiet)" : ""),
          decisions: decisions
            .filter((one) => one.stopped_by !== "trigger")
            .map((one) => `${one.automation.slice("aut_".length)}: ${one.stopped_by ?? "starts"}`),
        })),
      ),
      posted: this.happened.flatMap(({ deliveries }) =>
        deliveries.map(
          (one) =>
            `${numbers.get(one.run)} ${one.key.slice(one.run.length + 1)} ${one.to[0]} ${String(one.content.subject)}`,
        ),
      ),
      runs: [...this.runs.values()].map((run) => ({
        automation: Number(run.automation.slice("aut_".length)),
        version: run.version,
        status: run.status,
        reason: run.reason,
        wakeAt: run.waiting?.wakeAt ?? null,
        startedAt: run.startedAt,
        endedAt: run.endedAt,
        steps: run.steps.map(({ step_id: step, status, at, round = 0, detail }) => ({
          step,
          status,
          at,
          round,
          said: said(
            detail?.reason ?? detail?.branch ?? detail?.case ?? detail?.rounds ?? detail?.answered ?? detail?.until,
          ),
        })),
      })),
    };
  }
}

/** What the log shows of a run. */
const shown = (run: Run | undefined): string =>
  JSON.stringify([run?.status, run?.reason, run?.version, run?.place, run?.round, run?.waiting?.wakeAt, run?.steps]);
const maps = (_: string, value: unknown): unknown => (value instanceof Map ? [...value] : value);
const said = (value: unknown): string | boolean | number | null =>
  typeof value === "string" || typeof value === "boolean" || typeof value === "number" ? value : null;
const short = (type: string, data: Record<string, unknown>): string =>
  [type, ...["tag", "course", "reason"].flatMap((key) => (data[key] === undefined ? [] : [String(data[key])]))].join(
    " ",
  );
