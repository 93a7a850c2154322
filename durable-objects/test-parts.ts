import type { Ended, JournalEntry, Packed, Page } from "../src/calls/shape";
import type { Range, UserPlace } from "../src/calls/user";
import { newState } from "../src/engine/step";
import { testWorld } from "../src/engine/test-world";
import type { Delivery, Run } from "../src/engine/types";
import type { School } from "../src/world/snapshot";
import { emptyPacked } from "./packed/packed";
import type { SchoolSource } from "./scene";
import type { Store } from "./store/store";

/* For tests: what the parts of a user's object are given, without a platform below. */

export const NOW = Date.UTC(2031, 1, 3, 9);
export const PLACE: UserPlace = { school: "school", epoch: 1, user: "anna" };

/** Real time that a test sets. */
export function testClock() {
  const time = { now: NOW };
  return { time, clock: () => time.now };
}

/** What lies packed of a user who is known, and of whom D1 has heard. */
export function packedOf(change: Partial<Packed> = {}): Packed {
  const packed = { ...emptyPacked("live", NOW), state: newState(PLACE.user, NOW) };
  return { ...packed, ...change };
}

export function runOf(change: Partial<Run> = {}): Run {
  return {
    id: "run_1",
    automation: "aut_1",
    version: 1,
    revision: 1,
    status: "waiting",
    synchronous: false,
    trigger: { type: "something.happened", data: {}, at: NOW, order: 1 },
    eventId: null,
    subject: "",
    startedAt: NOW,
    endedAt: null,
    reason: null,
    place: 0,
    round: 0,
    waiting: null,
    waited: false,
    chain: [],
    lineage: [],
    heard: [],
    steps: [],
    ...change,
  };
}

export function deliveryOf(change: Partial<Delivery> = {}): Delivery {
  return {
    id: "dlv_1",
    run: "run_1",
    automation: "aut_1",
    step: "s1",
    channel: "email",
    status: "queued",
    to: [],
    content: {},
    attempts: [],
    key: "k",
    createdAt: NOW,
    ...change,
  };
}

/** A store in memory: what was not committed is gone once it is opened again. */
export class MemoryStore
  implements
    Pick<
      Store,
      | "open"
      | "load"
      | "save"
      | "noteChanged"
      | "textOfUser"
      | "commit"
      | "entries"
      | "ended"
      | "beginning"
      | "oldEntries"
      | "hasOld"
      | "keepsMuch"
      | "prune"
      | "hasErased"
      | "pruneErased"
      | "proofs"
    >
{
  private packed: Packed | null = null;
  private kept = "null";
  hasErased = false;
  readonly log: string[] = [];

  constructor(packed: Packed | null = null) {
    if (packed) this.save(packed);
    this.commit();
    this.log.length = 0;
  }

  /** None: of what it is asked for nothing is too old. */
  readonly proofs = { until: null, hasOld: () => false, prune: () => {} } as unknown as Store["proofs"];

  open(): void {
    // Written by commit alone.
    this.packed = JSON.parse(this.kept) as Packed | null;
    this.log.push("open");
  }
  load(): Packed | null {
    return this.packed;
  }
  save(packed: Packed): void {
    this.packed = packed;
  }
  noteChanged(): void {}
  textOfUser({ state, nextWake }: Packed): string {
    return JSON.stringify([state && { ...state, clock: 0, order: 0, stamp: 0 }, nextWake]);
  }
  commit(): void {
    this.kept = JSON.stringify(this.packed);
    this.log.push("commit");
  }
  entries(): Page<JournalEntry> {
    return { items: this.packed?.entries ?? [], next: null };
  }
  ended({ after = 0 }: Range = {}): Page<Ended> {
    return { items: this.packed?.ended.filter(({ seq }) => seq > after) ?? [], next: null };
  }
  beginning(): null {
    return null;
  }
  oldEntries(): null {
    return null;
  }
  hasOld(): boolean {
    return true;
  }
  keepsMuch = true;
  prune(_: Packed, before: number): void {
    this.log.push(`prune ${before}`);
  }
  pruneErased(before: number): void {
    this.log.push(`prune erased ${before}`);
    this.hasErased = false;
  }
}

const settings: School["settings"] = {
  timezone: "UTC",
  mail_pieces: [],
  allowed_origins: [],
  collaborators: [],
  log_retention_days: 90,
  evidence_retention_years: null,
  browser_events: [],
  on_user_deleted: "end",
  visible: { tags: [], fields: [], segments: false },
  connectors: {},
};

export const testSchool = (change: Partial<School> = {}): School => ({
  id: PLACE.school,
  epoch: 1,
  name: "School",
  mode: "live",
  now: null,
  suspended: false,
  paused: false,
  pauseExitStamp: 0,
  deletesAt: null,
  settings,
  quota: null,
  hasLeads: false,
  createdAt: NOW,
  stamp: 1,
  namesStamp: 1,
  edition: {
    id: PLACE.school,
    settings,
    signingSecrets: "[]",
    webhookSecrets: "[]",
    connectorSecrets: "{}",
    hookKey: "",
  },
  ...change,
});

/** A school that is always there, and has no automations unless said otherwise. */
export const sourceOf = (school: School = testSchool(), change: Partial<SchoolSource> = {}): SchoolSource => ({
  school: async () => school,
  isDeleted: async () => false,
  now: () => school.now ?? NOW,
  world: async () => testWorld({}),
  links: () => ({ unsubscribe: () => "", preferences: () => "" }),
  readNames: async () => {},
  past: () => ({
    at: async () => testWorld({}),
    stampAt: async () => undefined,
    programs: async (world) => world,
  }),
  programs: async (_, world) => world,
  ...change,
});
