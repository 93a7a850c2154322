import type { FC } from "hono/jsx";
import { dateIn, figure, say } from "../../../language/say";
import type { MonthCost } from "../../../schools/costs/costs";
import { Table } from "../../components/table";

/* What schools cost, for who runs the installation. */

type Costs = readonly MonthCost[];

const CENT = 0.01;
const money = (amount: number): string =>
  figure(amount, { style: "currency", currency: "USD", currencyDisplay: "narrowSymbol" });
const dollars = (amount: number): string =>
  amount > 0 && amount < CENT ? say("under {amount}", { amount: money(CENT) }) : money(amount);

/** What a school costs in this month, and cost in the last. */
export const Cost: FC<{ of: Costs | undefined }> = ({ of: [now, before] = [] }) => (
  <>
    {dollars(now?.dollars ?? 0)}{" "}
    {before?.dollars ? (
      <small class="soft">{say("last month {amount}", { amount: dollars(before.dollars) })}</small>
    ) : null}
  </>
);

const monthName = (month: string): string =>
  dateIn(new Date(`${month}-01`), { month: "long", year: "numeric", timeZone: "UTC" });

/** What all of it costs, and what is not in the figures. */
export const AllCosts: FC<{ of: Costs }> = ({ of: months }) => (
  <>
    <h2 class="part">{say("What it costs")}</h2>
    <Table
      caption={say("What all schools together cost")}
      rows={months}
      keyOf={({ month }) => month}
      columns={[
        { head: say("Month"), names: true, cell: ({ month }) => monthName(month) },
        { head: say("Cost"), number: true, cell: (one) => dollars(one.dollars) },
        { head: say("Events"), number: true, cell: ({ events }) => figure(events) },
        { head: say("Runs"), number: true, cell: ({ runs }) => figure(runs) },
        { head: say("Messages sent"), number: true, cell: ({ deliveries }) => figure(deliveries) },
      ]}
    />
    <p class="soft after">
      {say(
        "Counted as it happens, at the platform’s list prices of August 2026, give or take a tenth: events, runs, messages and keeping the log. Not in it are processor time, duration, storage, and requests that only read; what your plan includes is not taken off. Months are those of UTC. Schools that were deleted count here still.",
      )}
    </p>
  </>
);
