import { expect, test } from "vitest";
import { liveSchool } from "../../test/workers/live";

const { school } = liveSchool("live", { currency: "EUR" });

const payments = async (query = "") =>
  (await school.ask("GET", `/v1/payments?user=anna${query}`)).body as {
    data: Record<string, unknown>[];
    next_cursor: string | null;
  };

test("what a user paid is listed: by events, and as automations put it down", async () => {
  await school.automation({
    when: [{ type: "user.signed_up" }],
    synchronous: true,
    then: [{ type: "course.enroll", courses: ["js"], create_payment: true, price: 90, issue_invoice: true }],
  });
  await school.event("user.signed_up", "anna");
  const bought = { product_type: "bundle", product: "b1", amount: 20, currency: "USD", payment: "p1", coupon: "TEN" };
  await school.event("payment.made", "anna", bought, "e1");
  await school.event("payment.made", "anna", bought, "e2");
  await school.event("recurring.paid", "anna", { kind: "subscription", product: "s1" }, "e3");
  await school.event("payment.made", "ben", { ...bought, payment: "p2" });
  const common = { id: expect.any(String), at: expect.any(String), coupon: null, invoice: false, run_id: null };
  const all = await payments();
  expect(all).toEqual({
    data: [
      {
        ...common,
        type: "payment.made",
        payment: expect.stringMatching(/^run_.*-1$/),
        product_type: "course",
        product: "js",
        amount: 90,
        currency: "EUR",
        invoice: true,
        event_id: expect.any(String),
        run_id: expect.stringMatching(/^run_/),
      },
      { ...common, type: "payment.made", ...bought, event_id: "e1" },
      {
        ...common,
        type: "recurring.paid",
        payment: null,
        product_type: null,
        product: "s1",
        amount: null,
        currency: null,
        event_id: "e3",
      },
    ],
    next_cursor: null,
  });
  for (const order of ["asc", "desc"]) {
    const found = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const page = await payments(`&limit=1&order=${order}${cursor === "" ? "" : `&cursor=${cursor}`}`);
      found.push(...page.data);
      cursor = page.next_cursor;
    }
    expect(found).toEqual(order === "asc" ? all.data : all.data.toReversed());
  }
});

test("nobody's payments are those of somebody not known, or not named", async () => {
  expect((await school.ask("GET", "/v1/payments?user=nobody")).status).toBe(404);
  expect((await school.ask("GET", "/v1/payments")).status).toBe(422);
});
