import { endByRecord, giveByRecord, type RosterNews, takeByRecord } from "../../catalogue/enrolment/roster";
import type { Turn } from "../../catalogue/facts/facts";
import { limitPassed } from "../../catalogue/facts/limits";
import { OUTSIDE, turnOf, type Work } from "../work";
import { followMembership } from "./membership";

/** Does what a roster says of a record; one that begins later is kept until then. */
export function applyRecord(work: Work, turn: Turn, news: RosterNews, fire: boolean, by: string | null): void {
  const { state } = work;
  const { beginsAt, ends, ...record } = news;
  const ahead = (state.ahead ?? []).filter((one) => one.id !== record.id);
  const isAhead = !ends && beginsAt !== undefined && beginsAt > work.now;
  if (isAhead) ahead.push({ ...record, at: beginsAt, fire, by });
  if (ahead.length) state.ahead = ahead;
  else delete state.ahead;
  if (ends === true) endByRecord(turn, record.id, record.course);
  else if (ends || isAhead) takeByRecord(turn, record.id);
  else giveByRecord(turn, record);
}

/** Enrolments that begin by themselves, each at its time. */
export const beginnings = (work: Work): { at: number; happen(): void }[] =>
  (work.state.ahead ?? []).map((one) => ({
    at: one.at,
    happen: () => {
      const { at: _, fire, by, ...record } = one;
      const left = (work.state.ahead ?? []).filter((other) => other !== one);
      if (left.length) work.state.ahead = left;
      else delete work.state.ahead;
      const enrolments = [{ type: "course" as const, product: record.course }];
      if ((record.endsAt ?? work.now + 1) <= work.now || limitPassed(work.state.learner, { enrolments })) return;
      const turn = turnOf(work, { ...OUTSIDE, origin: { by: "import", id: by }, quiet: !fire }, work.now);
      const from = work.effects.facts.length;
      giveByRecord(turn, record);
      followMembership(work, turn, from);
    },
  }));
