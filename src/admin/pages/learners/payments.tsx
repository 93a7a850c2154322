import type { FC } from "hono/jsx";
import { giverNames } from "../../../automations/givers";
import { RECURRING_PAID } from "../../../catalogue/payment/change";
import type { RowOf } from "../../../http/answering/answers";
import { figure, inWords, say } from "../../../language/say";
import { EmptyState } from "../../components/bits";
import { type Given, Giver, type Givers } from "../../components/giver";
import { Moment } from "../../components/moment";
import { Pager, Table } from "../../components/table";
import { Pages } from "../../page";
import { schoolWords } from "../../words/names";
import { LearnerPage, learnerOf, learnerPath } from "./learner-frame";

/* What a learner paid, or an automation put down as paid. */

type Payment = RowOf<"GET /v1/payments">;

const amountOf = ({ amount, currency }: Payment): string =>
  amount === null ? "" : `${figure(amount)}${currency === null ? "" : ` ${currency}`}`;

interface TableProps {
  user: string;
  payments: readonly Payment[];
  givers: Givers;
}

/** Who put it down. */
const giverOf = ({ run_id, event_id, at }: Payment): Given =>
  run_id === null ? { by: "event", id: event_id, at } : { by: "run", id: run_id, at };

const PaymentTable: FC<TableProps> = ({ user, payments, givers, givers: { visit, words } }) => (
  <Table
    caption={say("Payments")}
    rows={payments}
    keyOf={(one) => one.id}
    columns={[
      {
        head: say("When"),
        names: true,
        cell: (one) => <Moment atMs={Date.parse(one.at)} nowMs={visit.nowMs} timezone={visit.timezone} />,
      },
      { head: say("Amount"), number: true, cell: amountOf },
      {
        head: say("For"),
        cell: (one) => (
          <>
            {one.product === null ? "" : words.nameOf(one.product_type ?? "product", one.product)}{" "}
            <small class="soft">{inWords(one.product_type ?? "")}</small>
          </>
        ),
      },
      { head: say("Kind"), cell: (one) => (one.type === RECURRING_PAID ? say("recurring") : say("once")) },
      { head: say("Invoice"), cell: (one) => (one.invoice ? say("asked for") : "") },
      { head: say("Coupon"), cell: (one) => one.coupon ?? "" },
      {
        head: say("Recorded by"),
        cell: (one) => <Giver given={giverOf(one)} user={user} of={givers} />,
      },
      { head: say("Payment (id)"), cell: (one) => one.payment ?? "" },
    ]}
  />
);

export const paymentsPages = new Pages();

paymentsPages.get("/learners/:id/payments", "viewer", async (c) => {
  const visit = c.var.visit;
  const learner = await learnerOf(c);
  const cursor = c.req.query("cursor");
  const payments = await visit.api.call("GET /v1/payments", {
    query: { user: learner.id, order: "desc", limit: 50, ...(cursor === undefined ? {} : { cursor }) },
  });
  const [words, names] = await Promise.all([
    schoolWords(
      c.env,
      visit.school.id,
      payments.data.map(({ product }) => product),
    ),
    giverNames(c.env, visit.school.id, payments.data.map(giverOf)),
  ]);
  return c.html(
    <LearnerPage c={c} visit={visit} learner={learner} tab="/payments">
      {payments.data.length === 0 ? (
        <EmptyState title={say("No payments")}>
          <p>
            {say(
              "What the LMS says was paid is shown here, and what automations recorded as paid, as far back as the log is kept.",
            )}
          </p>
        </EmptyState>
      ) : (
        <>
          <PaymentTable user={learner.id} payments={payments.data} givers={{ visit, words, names }} />
          <Pager page={payments} at={`${learnerPath(visit, learner.id)}/payments`} c={c} />
        </>
      )}
    </LearnerPage>,
  );
});
