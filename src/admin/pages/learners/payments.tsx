import type { FC } from "hono/jsx";
import { RECURRING_PAID } from "../../../catalogue/payment/change";
import type { RowOf } from "../../../http/answers";
import { EmptyState } from "../../components/bits";
import { Moment } from "../../components/moment";
import { Pager, Table } from "../../components/table";
import { Pages } from "../../page";
import type { Visit } from "../../visit";
import { schoolWords } from "../../words/names";
import type { Words } from "../../words/sentence";
import { LearnerPage, learnerOf, learnerPath } from "./learner-frame";

/* What a learner paid, or an automation put down as paid. */

type Payment = RowOf<"GET /v1/payments">;

const amountOf = ({ amount, currency }: Payment): string =>
  amount === null ? "" : `${amount.toLocaleString("en")}${currency === null ? "" : ` ${currency}`}`;

interface TableProps {
  visit: Visit;
  payments: readonly Payment[];
  words: Words;
}

const PaymentTable: FC<TableProps> = ({ visit, payments, words }) => (
  <Table
    caption="Payments"
    rows={payments}
    keyOf={(one) => one.id}
    columns={[
      {
        head: "When",
        names: true,
        cell: (one) => <Moment atMs={Date.parse(one.at)} nowMs={visit.nowMs} timezone={visit.timezone} />,
      },
      { head: "Amount", number: true, cell: amountOf },
      {
        head: "For",
        cell: (one) => (
          <>
            {one.product === null ? "" : words.nameOf(one.product_type ?? "product", one.product)}{" "}
            <small class="soft">{one.product_type ?? ""}</small>
          </>
        ),
      },
      { head: "Kind", cell: (one) => (one.type === RECURRING_PAID ? "recurring" : "once") },
      { head: "Invoice", cell: (one) => (one.invoice ? "asked for" : "") },
      { head: "Coupon", cell: (one) => one.coupon ?? "" },
      {
        head: "Put down by",
        cell: (one) =>
          one.run_id === null ? (
            "the LMS"
          ) : (
            <a href={visit.path(`/runs/${encodeURIComponent(one.run_id)}`)}>an automation</a>
          ),
      },
      { head: "Payment (id)", cell: (one) => one.payment ?? "" },
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
  const words = await schoolWords(
    c.env,
    visit.school.id,
    payments.data.map(({ product }) => product),
  );
  return c.html(
    <LearnerPage c={c} visit={visit} learner={learner} tab="/payments">
      {payments.data.length === 0 ? (
        <EmptyState title="No payments">
          <p>
            What the LMS says was paid stands here, and what automations put down as paid, as far back as the log is
            kept.
          </p>
        </EmptyState>
      ) : (
        <>
          <PaymentTable visit={visit} payments={payments.data} words={words} />
          <Pager page={payments} at={`${learnerPath(visit, learner.id)}/payments`} c={c} />
        </>
      )}
    </LearnerPage>,
  );
});
