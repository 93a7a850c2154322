import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eventOf } from "../catalogue";
import { isPaying } from "../catalogue/account/paying";
import { newState, step } from "./step";
import { testWorld } from "./test-world";

const NOW = Date.UTC(2026, 0, 5, 9);
const world = testWorld({});

function user() {
  const state = newState("anna", NOW);
  let n = 0;
  return {
    state,
    take(type: string, data: Record<string, unknown>) {
      const event = eventOf(type);
      const read = event?.read(data);
      if (!event || !read?.success) throw new Error(`${type}: ${read?.error?.message}`);
      const id = `e${++n}`;
      const input = { kind: "event", id, event, type, data: read.data, attributes: {}, at: NOW } as const;
      const { facts } = step(state, input, world, NOW).effects;
      return facts.map(({ type, data }) => ({ type, data }));
    },
    isPaying: () => isPaying(state.learner),
  };
}
const paid = (payment: string, amount: number, product = "js") => ({
  product_type: "course",
  product,
  amount,
  payment,
  currency: "EUR",
});
const about = { product_type: "course", product: "js", currency: "EUR" };

describe("a payment that is refunded", () => {
  test("whole ends paying, and its fact says for what it was paid", () => {
    const anna = user();
    anna.take("payment.made", paid("p1", 49));
    expect(anna.isPaying()).toBe(true);
    expect(anna.take("payment.refunded", { payment: "p1" })).toEqual([
      { type: "payment.refunded", data: { payment: "p1", amount: 49, ...about } },
    ]);
    expect(anna.isPaying()).toBe(false);
  });

  test("in part ends it once all of it is given back, and never gives more than was paid", () => {
    const anna = user();
    anna.take("payment.made", paid("p1", 49));
    anna.take("payment.refunded", { payment: "p1", amount: 20 });
    expect(anna.isPaying()).toBe(true);
    expect(anna.take("payment.refunded", { payment: "p1", amount: 50 })[0]?.data.amount).toBe(29);
    expect(anna.isPaying()).toBe(false);
  });

  test("that is not known makes a fact, and changes nothing", () => {
    const anna = user();
    anna.take("payment.made", paid("p1", 49));
    const data = { payment: "p2", amount: 5 };
    expect(anna.take("payment.refunded", { ...data, title: "T" })).toEqual([
      { type: "payment.refunded", data: { ...data, title: "T" } },
    ]);
    expect(anna.isPaying()).toBe(true);
  });

  test("leaves paying who also paid what cannot be given back", () => {
    const anna = user();
    anna.take("payment.made", paid("p1", 49));
    anna.take("recurring.paid", { kind: "subscription", product: "gold" });
    anna.take("payment.refunded", { payment: "p1" });
    expect(anna.isPaying()).toBe(true);
  });
});

const ORDER = ["js", "py", "go"].map((product, index) => paid(index ? `o1/${product}` : "o1", 10 + index, product));

test("of an order its products are given back in any order, each its own payment", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(ORDER), (given) => {
      const anna = user();
      for (const payment of ORDER) anna.take("payment.made", payment);
      for (const { product, payment, amount } of given) {
        const [fact] = anna.take("payment.refunded", { payment: "o1", product });
        expect(fact?.data).toMatchObject({ payment, amount, product });
      }
      expect(anna.isPaying()).toBe(given.length < ORDER.length);
    }),
  );
});

test("an order given back as a whole is each of its payments, and no other's whose id begins so", () => {
  const anna = user();
  for (const payment of [...ORDER, paid("o12", 5)]) anna.take("payment.made", payment);
  const facts = anna.take("payment.refunded", { payment: "o1", whole_order: true });
  expect(facts.map(({ data }) => data.payment)).toEqual(["o1", "o1/py", "o1/go"]);
  expect(Object.keys(anna.state.learner.refundable)).toEqual(["o12"]);
});

test("an id that is a name of every object is a payment like others", () => {
  const anna = user();
  for (const id of ["__proto__", "constructor"]) anna.take("payment.made", paid(id, 1));
  for (const id of ["__proto__", "constructor"]) anna.take("payment.refunded", { payment: id });
  expect(anna.isPaying()).toBe(false);
});
