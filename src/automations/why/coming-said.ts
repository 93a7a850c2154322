import { localDate } from "../../catalogue/dates/time";
import type { Coming, Keeping, WaitingRun } from "../../engine/trying/coming";

/* What comes and what is waited for, in words: dates are the school's. */

const NEVER: Readonly<Record<NonNullable<Coming["why"]>, string>> = {
  told: "it has started for this already",
  before_active: "that was over when it was switched on, or when we heard of it",
  inactive: "it is off",
  deleted: "it is to be deleted",
};

const HELD: Readonly<Record<Keeping, string>> = {
  paused: "the school is paused",
  inactive: "the automation is off",
  deleted: "the automation is to be deleted",
};

const FROM: Readonly<Record<Coming["counted"], (date: string, about: string) => string>> = {
  visit: (date, about) => `last visit${about} ${date}`,
  registration: (date) => `no visit so far, here since ${date}`,
  enrolment: (date, about) => `no visit so far${about}, enrolled ${date}`,
  trial: (date, about) => `the trial${about} ends ${date}`,
  date: (date, about) => `the date${about} is ${date}`,
};

export function comingSaid({ about, from, counted, at, why }: Coming, zone: string): string {
  const day = (ms: number): string => localDate(ms, zone);
  const preposition = counted === "visit" || counted === "enrolment" ? "in" : "of";
  const counting = FROM[counted](day(from), about === undefined ? "" : ` ${preposition} ${about}`);
  return `${counting}; ${at === null ? `would not start: ${NEVER[why ?? "told"]}` : `would start on ${day(at)}`}`;
}

export function waitSaid({ until, event, held }: WaitingRun, zone: string): string {
  const what = event ? `waits for ${event.type}` : "waits";
  const till = until === null ? what : `${what} until ${localDate(until, zone)}`;
  if (!held) return till;
  return `${till}; held${until === null ? "" : " from then on"}, as ${HELD[held]}`;
}
