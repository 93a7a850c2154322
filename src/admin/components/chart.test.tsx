import { expect, test } from "vitest";
import { DayChart } from "./chart";

const said = (values: number[]): string =>
  String(
    <DayChart title="Mails" dates={["2026-01-05", "2026-01-06"]} series={[{ label: "sent", tone: "good", values }]} />,
  );

test("says how many there were on the busiest day, or that there were none", () => {
  expect(said([0, 3])).toContain("<span>at most 3 a day</span>");
  expect(said([0, 0])).toContain("<span>there were none</span>");
  expect(said([0, 0])).not.toContain("at most");
});
