import fc from "fast-check";
import { describe, expect, test } from "vitest";
import vectors from "../../../test/fixtures/time-vectors.json";
import { dateMoment } from "./dates";
import {
  addDays,
  addDuration,
  currentYear,
  endOfDay,
  formatInstant,
  intoWindow,
  isDate,
  isLocalDateTime,
  isSignedDuration,
  isTimeOfDay,
  isUnsignedDuration,
  isZone,
  localDate,
  localToInstant,
  parseInstant,
  startOfDay,
  subtractDays,
  WEEKDAYS,
  type Weekday,
  type Window,
} from "./time";

const HOUR = 3_600_000;
const at = (text: string) => Date.parse(text);
const athens = "Europe/Athens";

describe("vectors", () => {
  test.each(vectors.durations)("$zone: $from + $add", ({ zone, from, add, is }) => {
    expect(formatInstant(addDuration(at(from), add, zone))).toBe(is);
  });

  test.each(vectors.local_times)("$zone: until $until", ({ zone, until, is }) => {
    expect(formatInstant(localToInstant(until, zone))).toBe(is);
  });

  test.each(vectors.windows)("$zone: from $now into $window", ({ zone, now, window, is }) => {
    // The vectors name weekdays as we do.
    expect(formatInstant(intoWindow(at(now), window as Window, zone))).toBe(is);
  });

  test.each(vectors.date_fields)("$zone: $field $offset at $at", ({ zone, field, offset, at, is }) => {
    expect(formatInstant(dateMoment(field, { offset, at }, zone, 0) ?? 0)).toBe(is);
  });

  test.each(vectors.days)("$zone: the day $date", (day) => {
    expect(formatInstant(startOfDay(day.date, day.zone))).toBe(day.registered_before_means_before);
    expect(formatInstant(endOfDay(day.date, day.zone))).toBe(day.registered_after_means_from);
  });

  test.each([
    ["00:30", true],
    ["22:00", true],
    ["08:00", false],
  ])("UTC: a window of 22:00 to 08:00 at %s", (time, inside) => {
    const ms = at(`2026-01-07T${time}:00Z`);
    expect(intoWindow(ms, { from: "22:00", to: "08:00" }, "UTC") === ms).toBe(inside);
  });
});

describe("durations", () => {
  test.each([
    ["a day over the spring change", "2026-03-28T07:00:00.000Z", "P1D", "2026-03-29T06:00:00.000Z"],
    ["24 hours over it", "2026-03-28T07:00:00.000Z", "PT24H", "2026-03-29T07:00:00.000Z"],
    ["a week over it", "2026-03-23T07:00:00.000Z", "P1W", "2026-03-30T06:00:00.000Z"],
    ["a day over the autumn change", "2026-10-24T06:00:00.000Z", "P1D", "2026-10-25T07:00:00.000Z"],
    ["days and hours", "2026-03-28T07:00:00.000Z", "P1DT2H", "2026-03-29T08:00:00.000Z"],
    ["minutes", "2026-03-28T07:00:00.000Z", "PT90M", "2026-03-28T08:30:00.000Z"],
    ["a day back", "2026-03-29T06:00:00.000Z", "-P1D", "2026-03-28T07:00:00.000Z"],
    ["a month back, to its end", "2026-03-31T09:00:00.000Z", "-P1M", "2026-02-28T10:00:00.000Z"],
    ["nothing", "2026-03-28T07:00:00.000Z", "PT0S", "2026-03-28T07:00:00.000Z"],
  ])("Europe/Athens: %s", (_, from, duration, is) => {
    expect(formatInstant(addDuration(at(from), duration, athens))).toBe(is);
  });

  test("those that can be saved", () => {
    for (const text of [
      "P2D",
      "PT1H",
      "P1M",
      "P1DT2H",
      "P1W",
      "PT0S",
      "PT0.5S",
      "P10Y",
      "P3650D",
      "P1Y2M3W4DT5H6M7S",
    ]) {
      expect(isUnsignedDuration(text), text).toBe(true);
      expect(isSignedDuration(`-${text}`), text).toBe(true);
      expect(isUnsignedDuration(`-${text}`), text).toBe(false);
    }
    for (const text of [
      ...["-P1D", "P", "PT", "P1DT", "1d", "two days", "PT1e300S", "P9999Y", "P11Y", "P3660D", "P1H", "PT1D", ""],
      ...["p1d", "P1.5D", " P1D", "P1D ", "P1D\n", "--P1D", "P-1D", "PT99999999999S", `P${"0".repeat(100)}1D`, "P1D2W"],
    ]) {
      expect(isUnsignedDuration(text), text).toBe(false);
    }
  });

  test("what is no duration throws rather than count as none", () => {
    expect(() => addDuration(0, "soon", "UTC")).toThrow(RangeError);
  });
});

describe("texts", () => {
  test("zones are IANA names", () => {
    for (const zone of ["UTC", athens, "America/Argentina/Buenos_Aires", "Etc/GMT+5"])
      expect(isZone(zone), zone).toBe(true);
    for (const zone of [
      "Mars/Base",
      "",
      "+02:00",
      "Z",
      "2026-01-01T00:00Z[UTC]",
      "constructor",
      "__proto__",
      "a".repeat(5_000),
    ])
      expect(isZone(zone), zone).toBe(false);
  });

  test("dates are of the calendar", () => {
    for (const date of ["2026-01-31", "2028-02-29", "2000-02-29", "1950-12-31", "0004-02-29"])
      expect(isDate(date), date).toBe(true);
    for (const date of [
      "2026-02-29",
      "1900-02-29",
      "2026-13-01",
      "2026-00-01",
      "2026-01-00",
      "0000-01-01",
      "2026-1-1",
      "someday",
      "2026-01-01T00:00",
      "+275760-09-13",
    ])
      expect(isDate(date), date).toBe(false);
  });

  test("local date-times lie in the years of alarms", () => {
    for (const text of ["2026-03-30T12:00:00", "2026-03-30T12:00", "1970-01-01T00:00", "2189-12-31T23:59:59"])
      expect(isLocalDateTime(text), text).toBe(true);
    for (const text of [
      "2400-01-01T00:00",
      "1969-12-31T23:59",
      "2026-02-30T12:00",
      "2026-03-30T24:00",
      "2026-03-30T12:60",
      "2026-03-30",
      "2026-03-30T12:00:00Z",
      "2026-03-30 12:00",
    ])
      expect(isLocalDateTime(text), text).toBe(false);
  });

  test("times of day", () => {
    for (const text of ["00:00", "09:00", "23:59"]) expect(isTimeOfDay(text), text).toBe(true);
    for (const text of ["24:00", "25:00", "9:00", "09:60", "09:00:00", "09:00\n"])
      expect(isTimeOfDay(text), text).toBe(false);
  });

  test("moments are RFC 3339", () => {
    for (const [text, is] of [
      ["2026-01-01T09:00:00Z", "2026-01-01T09:00:00.000Z"],
      ["2026-01-01T09:00:00.123456Z", "2026-01-01T09:00:00.123Z"],
      ["2026-01-01t09:00:00.1z", "2026-01-01T09:00:00.100Z"],
      ["2026-01-01T01:30:00+05:45", "2025-12-31T19:45:00.000Z"],
      ["2026-01-01T01:30:00-03:00", "2026-01-01T04:30:00.000Z"],
      ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000Z"],
      ["2190-01-01T00:00:00Z", "2190-01-01T00:00:00.000Z"],
      ["1753-01-01T00:00:00Z", "1753-01-01T00:00:00.000Z"],
      ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"],
    ] as const) {
      expect(formatInstant(parseInstant(text) ?? -1), text).toBe(is);
    }
    for (const text of [
      ...["2026-02-30T00:00:00Z", "2026-01-01T25:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T09:00:00", "2026-01-01"],
      ...[
        "1767258000",
        "0000-01-01T00:00:00Z",
        "+275760-09-13T00:00:00Z",
        "9999-12-31T23:59:59-01:00",
        "0001-01-01T00:00:00+01:00",
      ],
      ...[
        "2026-01-01T09:00Z",
        "2026-01-01 09:00:00Z",
        "2026-01-01T09:00:60Z",
        "2026-01-01T09:00:00+24:00",
        " 2026-01-01T09:00:00Z",
        "",
      ],
    ]) {
      expect(parseInstant(text), text).toBeNull();
    }
  });
});

describe("date fields, Europe/Athens", () => {
  test.each([
    ["a date, at midnight", "2026-02-01", {}, "2026-01-31T22:00:00.000Z"],
    ["a date-time, as it is", "2026-02-01T10:20:00.000Z", {}, "2026-02-01T10:20:00.000Z"],
    ["a date-time, at a time of its day", "2026-02-01T23:20:00.000Z", { at: "08:00" }, "2026-02-02T06:00:00.000Z"],
    ["a moment and days", at("2026-01-01T15:30:00.000Z"), { offset: "P30D" }, "2026-01-31T15:30:00.000Z"],
    ["days before a date", "2026-04-10", { offset: "-P3D", at: "08:30" }, "2026-04-07T05:30:00.000Z"],
    ["hours before a date", "2026-04-10", { offset: "-PT2H" }, "2026-04-09T19:00:00.000Z"],
    [
      "days and hours before a time of day",
      "2026-04-10",
      { offset: "-P1DT2H", at: "08:30" },
      "2026-04-09T03:30:00.000Z",
    ],
    ["a local time", "2026-02-01T10:20", {}, "2026-02-01T08:20:00.000Z"],
    ["a local time as databases write it", "2026-02-01 10:20:30", {}, "2026-02-01T08:20:30.000Z"],
    ["seconds", 1_772_323_200, {}, "2026-03-01T00:00:00.000Z"],
    ["seconds as text", "1772323200", { offset: "-P1D" }, "2026-02-28T00:00:00.000Z"],
    ["milliseconds", 1_772_323_200_000, {}, "2026-03-01T00:00:00.000Z"],
    ["blanks around a date", " 2026-02-01 ", {}, "2026-01-31T22:00:00.000Z"],
  ])("%s", (_, value, options, is) => {
    expect(formatInstant(dateMoment(value, options, athens, 0) ?? 0)).toBe(is);
  });

  test.each([
    ["in this year", "1990-03-05", {}, "2026-03-05"],
    ["today", "1990-02-10", {}, "2026-02-10"],
    ["over in this year", "1990-02-09", {}, "2027-02-09"],
    ["of a day that is not in every year", "1992-02-29", {}, "2026-02-28"],
    ["days before it", "1990-02-12", { offset: "-P3D" }, "2027-02-09"],
    ["days before it, in the year before it", "1990-01-10", { offset: "-P30D" }, "2026-12-11"],
    ["to come first", "2030-05-01", {}, "2026-05-01"],
  ])("the next anniversary of a date %s", (_, value, shift, day) => {
    const from = at("2026-02-09T22:00:00.000Z");
    expect(dateMoment(value, { ...shift, every: "year" }, athens, from)).toBe(startOfDay(day, athens));
  });

  test("what is no date is none", () => {
    for (const value of [
      45,
      1e8 - 1,
      1e14 + 1,
      true,
      null,
      "someday",
      "",
      "2026-02-30",
      "2026-02-30T10:20",
      "2026-02-01T25:20",
      "42",
    ])
      expect(dateMoment(value, {}, athens, 0)).toBeNull();
  });
});

describe("windows", () => {
  const office = { days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "17:00" } as const;

  test.each([
    ["inside it: at once", "2026-01-05T09:00:00.000Z", office, "2026-01-05T09:00:00.000Z"],
    ["over the weekend", "2026-01-09T16:30:00.000Z", office, "2026-01-12T07:00:00.000Z"],
    ["its end is outside", "2026-01-05T15:00:00.000Z", { from: "09:00", to: "17:00" }, "2026-01-06T07:00:00.000Z"],
    ["its begin is inside", "2026-01-05T13:00:00.000Z", { from: "15:00", to: "17:00" }, "2026-01-05T13:00:00.000Z"],
    [
      "the small hours after it opened",
      "2026-01-06T01:00:00.000Z",
      { days: ["mon"], from: "22:00", to: "06:00" },
      "2026-01-06T01:00:00.000Z",
    ],
    [
      "the small hours before it opens",
      "2026-01-06T01:00:00.000Z",
      { days: ["tue"], from: "22:00", to: "06:00" },
      "2026-01-06T20:00:00.000Z",
    ],
    ["days alone", "2026-01-06T01:00:00.000Z", { days: ["sun"] }, "2026-01-10T22:00:00.000Z"],
    ["from alone", "2026-01-06T01:00:00.000Z", { from: "12:00" }, "2026-01-06T10:00:00.000Z"],
    ["to alone", "2026-01-06T12:00:00.000Z", { to: "08:00" }, "2026-01-06T22:00:00.000Z"],
    ["nothing at all", "2026-01-06T01:23:45.678Z", {}, "2026-01-06T01:23:45.678Z"],
    [
      "its begin falls into the gap",
      "2026-03-28T22:00:00.000Z",
      { from: "03:30", to: "06:00" },
      "2026-03-29T01:00:00.000Z",
    ],
    [
      "all of it falls into the gap",
      "2026-03-28T22:00:00.000Z",
      { from: "03:15", to: "03:45" },
      "2026-03-30T00:15:00.000Z",
    ],
    [
      "the doubled hour opens it again",
      "2026-10-25T00:50:00.000Z",
      { from: "03:30", to: "03:45" },
      "2026-10-25T01:30:00.000Z",
    ],
    ["clocks go back into it", "2026-10-25T00:50:00.000Z", { from: "02:30", to: "03:45" }, "2026-10-25T01:00:00.000Z"],
  ])("Europe/Athens: %s", (_, from, window, is) => {
    expect(formatInstant(intoWindow(at(from), window as Window, athens))).toBe(is);
  });

  test("a weekday that a zone has left out is that of the week after", () => {
    expect(formatInstant(intoWindow(at("2011-12-29T12:00:00Z"), { days: ["fri"] }, "Pacific/Apia"))).toBe(
      "2012-01-05T10:00:00.000Z",
    );
  });
});

test("clocks that go back over midnight open yesterday's window again", () => {
  // St John's, 7 November 2010: at 00:01 it became 23:01 of the day before.
  const window = { from: "23:30", to: "23:45" };
  expect(formatInstant(intoWindow(at("2010-11-07T02:30:00Z"), window, "America/St_Johns"))).toBe(
    "2010-11-07T03:00:00.000Z",
  );
});

test("the year is that of the zone", () => {
  expect(currentYear(at("2025-12-31T23:00:00Z"), athens)).toBe(2026);
  expect(currentYear(at("2025-12-31T23:00:00Z"), "UTC")).toBe(2025);
});

// ---- Properties, against Intl as the other opinion on what the clock on the wall shows ----

const ZONES = [
  ...["UTC", athens, "Europe/London", "America/New_York", "America/Los_Angeles", "America/Santiago", "America/Havana"],
  ...["Asia/Kathmandu", "Asia/Tokyo", "Asia/Tehran", "Africa/Cairo", "Africa/Casablanca", "Australia/Lord_Howe"],
  ...["Australia/Sydney", "Pacific/Auckland", "Pacific/Kiritimati", "Pacific/Chatham", "America/St_Johns"],
];
const clocks = new Map(
  ZONES.map((zone) => [
    zone,
    new Intl.DateTimeFormat("en-US", {
      ...{ timeZone: zone, hourCycle: "h23", weekday: "short", year: "numeric", month: "2-digit" },
      ...{ day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" },
    }),
  ]),
);
function wall(ms: number, zone: string) {
  const parts = new Map(
    clocks
      .get(zone)
      ?.formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? "";
  return {
    // The formatter says "Mon".
    day: part("weekday").toLowerCase() as Weekday,
    time: `${part("hour")}:${part("minute")}`,
    local: `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}:${part("second")}`,
  };
}

const zone = fc.constantFrom(...ZONES);
const QUARTER = 15 * 60_000;
/** Quarters of an hour of 2010 to 2035: every clock change of those years lies on one. */
const moment = fc
  .integer({ min: at("2010-01-01T00:00Z") / QUARTER, max: at("2035-01-01T00:00Z") / QUARTER })
  .map((n) => n * QUARTER);
/** Half of them within a day and a half of a clock change of Europe or America. */
const nearChange = fc.oneof(
  moment,
  fc
    .tuple(
      fc.integer({ min: 2020, max: 2030 }),
      fc.constantFrom(2, 3, 8, 9, 10),
      fc.integer({ min: 1, max: 31 }),
      fc.integer({ min: -144, max: 144 }),
    )
    .map(([year, month, day, n]) => Date.UTC(year, month, day) + n * QUARTER),
);
const days = fc.integer({ min: 1, max: 800 });
const exists = (local: string, name: string) => wall(localToInstant(local, name), name).local === local;
const comesTwice = (ms: number, name: string) =>
  [30, 60].some((minutes) =>
    [-1, 1].some((sign) => wall(ms + sign * minutes * 60_000, name).local === wall(ms, name).local),
  );

describe("properties", () => {
  test("days keep the wall time, unless it does not exist", () => {
    fc.assert(
      fc.property(nearChange, days, zone, (ms, count, name) => {
        const then = addDays(ms, count, name);
        const [date = "", time = ""] = wall(ms, name).local.split("T");
        const aim = `${new Date(at(`${date}T00:00Z`) + count * 24 * HOUR).toISOString().slice(0, 10)}T${time}`;
        if (exists(aim, name)) expect(wall(then, name).local).toBe(aim);
        expect(addDuration(ms, `P${count}D`, name)).toBe(then);
      }),
      { numRuns: 2_000 },
    );
  });

  test("hours are exact, and more of anything is later", () => {
    fc.assert(
      fc.property(nearChange, days, zone, (ms, count, name) => {
        expect(addDuration(ms, `PT${count}H`, name)).toBe(ms + count * HOUR);
        expect(addDays(ms, count + 1, name)).toBeGreaterThan(addDays(ms, count, name));
        expect(addDays(ms, count, name)).toBeGreaterThan(ms);
      }),
    );
  });

  test("days there and back lead to where they began, but for hours that clocks leave out or repeat", () => {
    fc.assert(
      fc.property(nearChange, days, zone, (ms, count, name) => {
        const then = addDays(ms, count, name);
        fc.pre(wall(then, name).time === wall(ms, name).time && !comesTwice(ms, name));
        expect(subtractDays(then, count, name)).toBe(ms);
      }),
    );
  });

  test("a local time that exists comes back, a moment is inside its own day", () => {
    fc.assert(
      fc.property(nearChange, zone, (ms, name) => {
        if (!comesTwice(ms, name)) expect(localToInstant(wall(ms, name).local, name)).toBe(ms);
        const date = localDate(ms, name);
        expect(wall(ms, name).local.startsWith(date)).toBe(true);
        expect(startOfDay(date, name)).toBeLessThanOrEqual(ms);
        expect(endOfDay(date, name)).toBeGreaterThan(ms);
        expect(parseInstant(formatInstant(ms))).toBe(ms);
      }),
      { numRuns: 1_000 },
    );
  });

  test("a window is entered at the first quarter of an hour at which the wall says so", () => {
    const time = fc
      .integer({ min: 0, max: 95 })
      .map((n) => `${String(Math.floor(n / 4)).padStart(2, "0")}:${String((n % 4) * 15).padStart(2, "0")}`);
    const window = fc.record(
      { days: fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1, maxLength: 7 }), from: time, to: time },
      { requiredKeys: [] },
    );
    const isInside = (ms: number, name: string, { days = WEEKDAYS, from = "00:00", to = "24:00" }: Window) => {
      const now = wall(ms, name);
      const yesterday = WEEKDAYS[(WEEKDAYS.indexOf(now.day) + 6) % 7] ?? "mon";
      if (from < to) return days.includes(now.day) && now.time >= from && now.time < to;
      return (days.includes(now.day) && now.time >= from) || (days.includes(yesterday) && now.time < to);
    };
    fc.assert(
      fc.property(nearChange, window, zone, (ms, span, name) => {
        let first = ms;
        while (!isInside(first, name, span)) first += QUARTER;
        expect(formatInstant(intoWindow(ms, span, name))).toBe(formatInstant(first));
      }),
      { numRuns: 1_500 },
    );
  });
});
