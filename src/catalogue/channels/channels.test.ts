import { describe, expect, expectTypeOf, test } from "vitest";
import type { Delivery } from "../../engine/types";
import { type Channel, channelOf, channels, contentFault, toLearner } from "./index";

const all: readonly Channel[] = channels;

test("what deliveries may leave by is the list itself", () => {
  expectTypeOf<Delivery["channel"]>().toEqualTypeOf<(typeof channels)[number]["name"]>();
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
});

describe("a test", () => {
  const tested = all.filter((channel) => channel.test);

  test.each(tested)("of $name could be sent, to whom its page asks for", (channel) => {
    const { typed } = channel.recipients;
    expect(contentFault(channel, typed ? ["anna@acme.com"] : [], channel.test)).toBeNull();
    if (typed) expect(contentFault(channel, [], channel.test)).not.toBeNull();
  });
});

describe("a mail", () => {
  const content = { subject: "Hi", html: "<p>Hi</p>", kind: "transactional" };
  const faultOf = (to: string[], change: Record<string, unknown> = {}) =>
    contentFault(channelOf("email"), to, { ...content, ...change });

  test("goes to one plain address: nobody is copied in", () => {
    expect(faultOf(["anna@acme.com"])).toBeNull();
    for (const to of [[], ["anna@acme.com", "eve@acme.com"], ["anna@acme.com, eve@acme.com"], ["Anna <anna@acme.com>"]])
      expect(faultOf(to)).toMatch(/^to/);
  });

  test("has no line break in what becomes a header", () => {
    for (const header of ["subject", "from_name", "reply_to"])
      expect(faultOf(["anna@acme.com"], { [header]: "a@b.co\r\nBcc: eve@acme.com" })).toMatch(`content.${header}`);
  });
});

test("mail reaches a learner by the address, if there is one, all else by the id", () => {
  const learner = { id: "anna", email: "anna@acme.com" };
  for (const { name } of channels)
    expect(toLearner(name, learner)).toEqual([name === "email" ? learner.email : learner.id]);
  expect(toLearner("email", { ...learner, email: null })).toEqual([]);
});

test("only school messages stay here, and only GTM events without a server container wait for the page", () => {
  const waiting = (chosen: Record<string, unknown> | null) =>
    all.filter((channel) => channel.waitsForPage?.(chosen)).map(({ name }) => name);
  expect(all.filter(({ staysHere }) => staysHere).map(({ name }) => name)).toEqual(["message"]);
  expect([waiting(null), waiting({})]).toEqual([["gtm"], ["gtm"]]);
  expect(waiting({ server_url: "https://gtm.acme.com" })).toEqual([]);
});
