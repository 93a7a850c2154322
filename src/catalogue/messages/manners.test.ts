import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDuration, formatInstant } from "../dates/time";
import type { MailSettings } from "./mail";
import { mailSettings } from "./mail-settings";
import { HELD_MOST_MS, mannerOf } from "./manners";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = (text: string): number => Date.parse(text);
const quiet = { quiet_hours: { from: "21:00", to: "08:00" } };
const moment = (now: number, left: number[] = [], zone = "UTC") => ({ now, since: now, zone, left });

describe("quiet hours", () => {
  test.each([
    ["2026-01-05T20:59:59.999Z", null],
    ["2026-01-05T21:00:00.000Z", "2026-01-06T08:00:00.000Z"],
    ["2026-01-06T03:00:00.000Z", "2026-01-06T08:00:00.000Z"],
    ["2026-01-06T08:00:00.000Z", null],
  ])("at %s a mail waits until %s", (now, until) => {
    const manner = mannerOf(quiet, moment(at(now)));
    expect(manner).toEqual(
      until === null ? { kind: "leaves" } : { kind: "waits", until: at(until), reason: "quiet_hours" },
    );
  });

  test("are the learner's own", () => {
    const until = at("2026-01-05T23:00:00.000Z");
    expect(mannerOf(quiet, moment(at("2026-01-05T15:00:00.000Z"), [], "Asia/Tokyo"))).toMatchObject({ until });
  });

  test("end by the clock on the wall, also where it moves", () => {
    // In Athens clocks go forward at 03:00 on 29 March 2026.
    const now = at("2026-03-28T22:00:00.000Z");
    const until = at("2026-03-29T05:00:00.000Z");
    expect(mannerOf(quiet, moment(now, [], "Europe/Athens"))).toMatchObject({ until });
    // What ends within the hour that is left out ends where the clock comes out of it.
    const gap = { quiet_hours: { from: "22:00", to: "03:30" } };
    expect(mannerOf(gap, moment(now, [], "Europe/Athens"))).toMatchObject({
      until: at("2026-03-29T01:00:00.000Z"),
    });
  });
});

describe("the cap", () => {
  const mail: MailSettings = { at_most: { count: 2, per: "P1D" } };
  const now = at("2026-01-05T12:00:00.000Z");

  test("lets a mail leave while fewer have", () => {
    expect(mannerOf(mail, moment(now, [now - 1]))).toEqual({ kind: "leaves" });
    expect(mannerOf(mail, moment(now, [now - DAY, now - 1]))).toEqual({ kind: "leaves" });
  });

  test("has it wait until the first of those counts no more, and for quiet hours after that", () => {
    const left = [now - 20 * HOUR, now - HOUR];
    expect(mannerOf(mail, moment(now, left))).toEqual({ kind: "waits", until: now + 4 * HOUR, reason: "at_most" });
    const until = at("2026-01-06T08:00:00.000Z");
    expect(mannerOf({ ...mail, ...quiet }, moment(now, [now - 12 * HOUR, now]))).toMatchObject({ until });
  });

  test("ends what waited for seven days", () => {
    const waited = { ...moment(now, [now - 1, now - 2]), since: now - HELD_MOST_MS };
    expect(mannerOf(mail, waited)).toEqual({ kind: "ends", reason: "at_most" });
    const nearly = { ...waited, since: waited.since + 1 };
    expect(mannerOf(mail, nearly)).toMatchObject({ kind: "waits", until: now + 1 });
    // Whatever is free to go goes, however long it waited.
    expect(mannerOf(mail, { ...waited, left: [] })).toEqual({ kind: "leaves" });
  });
});

test("what cannot be meant is refused", () => {
  for (const one of [
    { quiet_hours: { from: "21:00", to: "21:00" } },
    { quiet_hours: { from: "9", to: "21:00" } },
    { quiet_hours: { from: "21:00" } },
    { at_most: { count: 0, per: "P1D" } },
    { at_most: { count: 1, per: "P32D" } },
    { at_most: { count: 1, per: "PT0S" } },
    { at_most: { count: 1, per: "1D" } },
    { from: "Anna <anna@acme.com>" },
    { logo: "javascript:alert(1)" },
    { topics: [{ id: "News", name: "News" }] },
    { topics: ["a", "a"].map((id) => ({ id, name: id })) },
    { track: "yes" },
  ])
    expect(mailSettings.safeParse(one).success, JSON.stringify(one)).toBe(false);
});

/** Lets time pass for mails made at some moments, each leaving, waiting and ending as it is told. */
function live(mail: MailSettings, zone: string, made: readonly number[]) {
  const left: number[] = [];
  const ended: { since: number; at: number }[] = [];
  let waiting = made.map((since) => ({ since, next: since })).sort((one, other) => one.next - other.next);
  for (let rounds = 0; waiting.length; rounds++) {
    if (rounds > 10_000) throw new Error("it never comes to an end");
    const [first] = waiting.sort((one, other) => one.next - other.next);
    if (!first) break;
    const now = first.next;
    const manner = mannerOf(mail, { now, since: first.since, zone, left });
    if (manner.kind === "waits") {
      expect(manner.until).toBeGreaterThan(now);
      first.next = manner.until;
      continue;
    }
    waiting = waiting.filter((one) => one !== first);
    if (manner.kind === "leaves") left.push(now);
    else ended.push({ since: first.since, at: now });
  }
  return { left, ended };
}

test("whatever the mails, the hours, the cap and the zone: never more than may, never in quiet hours, nothing is lost", () => {
  const time = fc.integer({ min: 0, max: 23 }).map((hour) => `${String(hour).padStart(2, "0")}:30`);
  const hours = fc.record({ from: time, to: time }).filter(({ from, to }) => from !== to);
  const cap = fc.record({
    count: fc.integer({ min: 1, max: 4 }),
    per: fc.constantFrom("PT1H", "PT6H", "P1D", "P2D", "P7D", "P1M"),
  });
  const settings = fc.record({ quiet_hours: hours, at_most: cap }, { requiredKeys: [] });
  const zone = fc.constantFrom("UTC", "Europe/Athens", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe");
  // Over the weeks in which clocks move.
  const begin = at("2026-03-20T00:00:00.000Z");
  const moments = fc.array(fc.integer({ min: 0, max: 20 * DAY }), { maxLength: 25 });
  fc.assert(
    fc.property(settings, zone, moments, (mail, in_zone, offsets) => {
      const made = offsets.map((offset) => begin + offset);
      const { left, ended } = live(mail, in_zone, made);
      expect(left.length + ended.length).toBe(made.length);
      for (const one of ended) expect(one.at - one.since).toBe(HELD_MOST_MS);
      for (const [n, moment] of left.entries()) {
        if (mail.quiet_hours) {
          const local = new Date(moment).toLocaleTimeString("en-GB", { timeZone: in_zone }).slice(0, 5);
          const { from, to } = mail.quiet_hours;
          const isQuiet = from < to ? local >= from && local < to : local >= from || local < to;
          expect(isQuiet, `${formatInstant(moment)} in ${in_zone}`).toBe(false);
        }
        if (mail.at_most) {
          const { count, per } = mail.at_most;
          const end = addDuration(moment, per, in_zone);
          expect(left.slice(n).filter((other) => other < end).length).toBeLessThanOrEqual(count);
        }
      }
    }),
  );
});
