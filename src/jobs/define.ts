import type { z } from "zod";
import type { Env } from "../base/env";
import type { School } from "../world/snapshot";

/*
 * A job is work over many users or lines: a cursor over them, pages through the queue, progress for people to watch.
 * Doing one of them twice must be doing it once: a page that was cut off is done again.
 */

/** What a page of a job works in: the school as it is now, and the job's id. */
export interface JobScene {
  env: Env;
  school: School;
  job: string;
}

/** A line of a file by its number, or an id of a list by its index. */
export type JobLine = [n: number, text: string];

/** What a fault is reported of: a line of the file, or a user. */
export type ItemPlace = { line: number } | { user: string };

/** A user or line of a job. */
export interface Item<Value> {
  /** A page that begins with this cursor goes on right behind the item. */
  cursor: string;
  place: ItemPlace;
  /** Items of one key are done one after the other, others side by side. */
  key: string;
  value: Value;
}

/** What a job goes through, in an order that stands while others insert and delete. */
export interface ItemSource<Value> {
  /** @param most of a source that has ranges: it need be told of no more */
  total(scene: JobScene, most?: number): Promise<number>;
  /**
   * Up to `limit` items after a cursor; fewer: there are no more for now.
   * @param until of a source that has ranges: the cursor of the last item meant; null: all behind are
   */
  next(scene: JobScene, after: string | null, limit: number, until?: string | null): Promise<Item<Value>[]>;
  /**
   * For a source whose order matters to nobody: where a range of it may end, some `size` items behind a cursor; null:
   * there are no more than that. It reads no more items than it counts.
   */
  edge?(scene: JobScene, after: string | null, size: number): Promise<Edge>;
  /**
   * For a source that lags: a cursor before all items that may have appeared only after a job begun at `since` (real
   * time, ms) had passed their place.
   */
  latecomersFrom?(since: number): string;
}

export interface Edge {
  /** The cursor of the last item of the range. */
  until: string | null;
  /** How many items it has. */
  items: number;
}

/** What a job answers for a user who is one of those it counts. */
export const FOUND = Symbol("found");

/** What is wrong with an item; null: nothing; of a job that counts: that it is one. */
export type Outcome = string | null | typeof FOUND;

/** An item, and what to do with it. */
export type Task = Omit<Item<unknown>, "value"> & { perform(): Promise<Outcome> };

interface AnyWork {
  total(scene: JobScene, most?: number): Promise<number>;
  /** False for a job that takes something away: ended midway, it would leave that half taken. */
  cancellable: boolean;
  /** Whether it tells how many it found, and whom. */
  counts: boolean;
}

/** A job that goes through a list. */
export interface ListWork extends AnyWork {
  next(scene: JobScene, after: string | null, limit: number, until?: string | null): Promise<Task[]>;
  edge?(scene: JobScene, after: string | null, size: number): Promise<Edge>;
  /** Ends a page, by the keys of what was done in it, before the job says that it is done. Repeatable. */
  endPage?(scene: JobScene, keys: readonly string[]): Promise<void>;
  latecomersFrom?(since: number): string;
}

/** A job that goes on step by step from where it got to: what comes next shows only when something was read. */
export interface StepWork extends AnyWork {
  /** Does a bounded part behind a place, for some `most` users. Doing it again must be doing it once. */
  step(scene: JobScene, after: string | null, most: number): Promise<Stepped>;
}

/** A job of a kind with its parameters. */
export type JobWork = ListWork | StepWork;

/** What one step did, and where the next begins; null: that was the last. */
export interface Stepped {
  next: string | null;
  /** How many users or things it has gone over. */
  done: number;
  /** How much of a page's room it took, in users, where that is more. */
  took?: number;
  faults?: readonly { user?: string; message: string }[];
  /** Of a job that counts. */
  found?: readonly string[];
  /** What it answers so far, as JSON: in place of what it answered before. */
  result?: unknown;
  /** In how many ms the next may begin, where that is not at once. */
  waitMs?: number;
}

/** What a job reads from cannot be read: for now, or, without `retry`, at all. */
export class CannotRead extends Error {
  override readonly name = "CannotRead";
  constructor(
    message: string,
    readonly retry: { afterMs: number } | null,
    /** Why, where that says more: a request that meets it is refused by it. */
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}

/** A job about to be made: what is kept of its parameters, and the long list, if any, kept apart from them. */
export interface Ready {
  params: unknown;
  entries: Iterable<JobLine> | null;
  work: JobWork;
}

/** The one thing that a job is about, as people look for it. */
export interface JobAbout {
  kind: "automation" | "run" | "segment" | "sync" | "auto_group" | "course" | "bundle" | "subscription" | "seat";
  id: string;
}

export interface JobKind<Given> {
  /** What its rows are kept by. */
  name: string;
  ready(given: Given): Ready;
  /** What was kept of a job; null when it cannot be read any more. */
  read(params: unknown): JobWork | null;
  /** What a job is about, of what was kept of it; null: of nothing in particular, or of several things. */
  about(params: unknown): JobAbout | null;
}

interface About<Params> {
  params: z.ZodType<Params>;
  about?(params: Params): JobAbout | null;
}

const aboutBy =
  <Params>(spec: About<Params>) =>
  (stored: unknown): JobAbout | null => {
    const read = spec.params.safeParse(stored);
    return read.success ? (spec.about?.(read.data) ?? null) : null;
  };

interface Spec<Params, Value> extends About<Params> {
  name: string;
  source(params: Params): ItemSource<Value>;
  /** Answers with what is wrong with an item, or null. One for which it throws is reported and passed over. */
  perform(scene: JobScene, params: Params, value: Value): Promise<Outcome>;
  endPage?(scene: JobScene, keys: readonly string[]): Promise<void>;
  cancellable?(params: Params): boolean;
  counts?: boolean;
}

/** Declares a kind of job. */
export function defineJob<Params, Value>(spec: Spec<Params, Value>): JobKind<Params> {
  const work = (params: Params): ListWork => {
    const source = spec.source(params);
    const { edge, latecomersFrom } = source;
    return {
      total: (scene, most) => source.total(scene, most),
      next: async (scene, after, limit, until) =>
        (await source.next(scene, after, limit, until)).map(({ value, ...item }) => ({
          ...item,
          perform: () => spec.perform(scene, params, value),
        })),
      ...(spec.endPage ? { endPage: spec.endPage } : {}),
      ...(edge ? { edge } : {}),
      ...(latecomersFrom ? { latecomersFrom } : {}),
      cancellable: spec.cancellable?.(params) ?? true,
      counts: spec.counts ?? false,
    };
  };
  return {
    name: spec.name,
    ready: (params) => ({ params, entries: null, work: work(params) }),
    read: (stored) => {
      const read = spec.params.safeParse(stored);
      return read.success ? work(read.data) : null;
    },
    about: aboutBy(spec),
  };
}

/** The same for one that goes through a list of its own; `total` is its length. */
export function defineListJob<Params extends { total: number }, Value>(
  spec: Spec<Params, Value>,
): JobKind<Params & { entries: Iterable<JobLine> }> {
  const plain = defineJob(spec);
  return {
    name: spec.name,
    ready: ({ entries, ...rest }) => {
      const params = spec.params.parse(rest);
      return { ...plain.ready(params), entries };
    },
    read: plain.read,
    about: plain.about,
  };
}

/** Declares a kind of job that goes on step by step. @param spec `state`: where it is, as JSON; null: at its beginning */
export function defineSteps<Params, State>(
  spec: About<Params> & {
    name: string;
    state: z.ZodType<State>;
    step(
      scene: JobScene,
      params: Params,
      state: State | null,
      most: number,
    ): Promise<Omit<Stepped, "next"> & { next: State | null }>;
    total?(scene: JobScene, params: Params): Promise<number>;
    counts?: boolean;
  },
): JobKind<Params> {
  const work = (params: Params): StepWork => ({
    total: async (scene) => (await spec.total?.(scene, params)) ?? 0,
    step: async (scene, after, most) => {
      const state = after === null ? null : spec.state.parse(JSON.parse(after));
      const { next, ...stepped } = await spec.step(scene, params, state, most);
      return { ...stepped, next: next === null ? null : JSON.stringify(next) };
    },
    cancellable: true,
    counts: spec.counts ?? false,
  });
  return {
    name: spec.name,
    ready: (params) => ({ params, entries: null, work: work(params) }),
    read: (stored) => {
      const read = spec.params.safeParse(stored);
      return read.success ? work(read.data) : null;
    },
    about: aboutBy(spec),
  };
}
