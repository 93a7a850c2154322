import { eventOf } from "../catalogue";
import type { Attributes } from "../catalogue/account/attributes";
import type { Input } from "./inputs/input";
import { advance, newState, step } from "./step";
import type { Effects, UserState, World } from "./types";

/* For tests: what somebody lives in a world, moment by moment. */

export const START = Date.UTC(2026, 0, 5, 9);
export const HOUR = 3_600_000;

export class TestLife {
  state: UserState;
  now = START;
  count = 0;
  effects: Effects | null = null;

  constructor(
    readonly world: World,
    readonly id: string,
  ) {
    this.state = newState(id, START);
  }

  /** @param isNew the user was not known before */
  take(input: Input, isNew = false): Effects {
    const { effects } = step(this.state, input, this.world, this.now, isNew);
    this.effects = effects;
    return effects;
  }

  put(fields: Record<string, string | null>): Effects {
    return this.take({ kind: "put", attributes: { fields }, origin: { by: "event", id: null } });
  }

  /** @returns the run that it began */
  event(
    type: string,
    data: Record<string, unknown> = {},
    { attributes = {}, isNew = false }: { attributes?: Attributes; isNew?: boolean } = {},
  ): string {
    const event = eventOf(type);
    if (!event) throw new Error(`no event ${type}`);
    const id = `${this.id}-${++this.count}`;
    const input = { id, event, type, data: event.data.parse(data), attributes, at: this.now };
    return this.take({ kind: "event", ...input }, isNew).begun[0] ?? "";
  }

  /** Takes over what another was: what is due comes first. */
  merge(other: TestLife): Effects {
    const now = Math.max(this.now, other.now);
    for (const one of [this, other]) one.pass(now - one.now);
    const state = structuredClone(other.state);
    return this.take({ kind: "merge", state, quiet: true, origin: { by: "merge", id: other.id } });
  }

  pass(ms: number): void {
    this.now += ms;
    advance(this.state, this.world, this.now, { jumps: true });
  }
}
