import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { domainFault, domainKey, domainMeant, isAmongDomains } from "./domain";
import { addressKey, distinctAddresses, email, emailDomain, mailAddress } from "./email";

const BLANKS = [" ", "\t", "\n", "\u00a0", "\u200b", "\u200d", "\u2060", "\ufeff", "\u202a", "\u00ad"];
const blank = fc.array(fc.constantFrom(...BLANKS), { maxLength: 3 }).map((all) => all.join(""));

/** Domains with all their spellings: the first is the A-label. */
const SPELLINGS = [
  ["acme.com", "ACME.com", "Acme.Com"],
  ["xn--bcher-kva.example", "XN--BCHER-KVA.example", "bücher.example", "BÜCHER.example", "bu\u0308cher.EXAMPLE"],
  ["xn--fa-hia.de", "faß.de"],
  ["xn--j6w193g.xn--j6w193g", "香港.香港", "香港。香港"],
] as const;
const domain = fc.nat(SPELLINGS.length - 1).chain((n) => {
  const spellings = SPELLINGS[n] ?? SPELLINGS[0];
  return fc.record({
    key: fc.constant(spellings[0]),
    one: fc.constantFrom(...spellings),
    other: fc.constantFrom(...spellings),
  });
});
/** What people write around a domain where one is asked for. */
const written = fc.constantFrom(
  (one: string) => one,
  (one: string) => `@${one}`,
  (one: string) => `*@${one}`,
  (one: string) => `${one}.`,
  (one: string) => `https://${one}/`,
  (one: string) => `HTTP://${one}/about?us=1`,
  (one: string) => `${one}/`,
);

describe("a domain", () => {
  test("has one form, however it is spelled", () => {
    fc.assert(
      fc.property(domain, ({ key, one }) => {
        expect([domainKey(one), domainKey(`${one}.`)]).toEqual([key, key]);
      }),
    );
  });

  test("is meant by whatever people write where one is asked for, with its subdomains only by a star", () => {
    fc.assert(
      fc.property(domain, written, blank, blank, ({ key, one, other }, write, before, after) => {
        const asked = before + write(one) + after;
        expect(domainMeant(asked)).toMatchObject({ domain: key, below: false });
        expect([other, `mail.${other}`, `x${other}`].map(isAmongDomains([asked]))).toEqual([true, false, false]);
        expect([other, `mail.${other}`, `x${other}`].map(isAmongDomains([`*.${one}`]))).toEqual([true, true, false]);
      }),
    );
  });

  test.each(["", "kate@acme.com", "a..b", ".acme.com", "ac me.com", "*", "*acme.com", "acme.*", "-a.com", "a-.com"])(
    "is not what %j says",
    (text) => expect(domainMeant(text)).toBeNull(),
  );

  test("of one label is a host of a network of one's own", () => {
    expect(domainMeant("@Intranet")).toMatchObject({ domain: "intranet", below: false });
  });

  test("is none in digits, nor with a label that is too long", () => {
    expect([domainFault("127.0.0.1"), domainFault(`${"a".repeat(64)}.com`)].every((fault) => fault !== null)).toBe(
      true,
    );
  });
});

describe("an address", () => {
  const local = fc.constantFrom("anna", "Anna", "ANNA", "a.b+c", "josé");

  test("is one whatever its case, its domain's spelling and what stands at its ends", () => {
    fc.assert(
      fc.property(local, domain, blank, blank, (local, { key, one, other }, before, after) => {
        const read = email.parse(`${before}${local}@${one}${after}`);
        expect(read).toBe(`${local}@${one}`);
        expect(addressKey(read)).toBe(addressKey(`${local.toUpperCase()}@${other}`));
        expect(mailAddress(read).toLowerCase()).toBe(`${local}@${key}`.toLowerCase());
        expect(domainKey(emailDomain(read) ?? "")).toBe(key);
        expect(distinctAddresses([read, `${local}@${other}`])).toEqual([read]);
      }),
    );
  });

  test.each([
    ...["a..b@acme.com", ".a@acme.com", "a.@acme.com", "a@acme..com", "a@.acme.com", "a@acme.com.", "a@-acme.com"],
    ...[
      "a@acme-.com",
      "a@acme",
      "a@127.0.0.1",
      "an\u200bna@acme.com",
      "anna@ac\u00adme.com",
      "a b@acme.com",
      "a@b@acme.com",
    ],
  ])("is refused where no mail reaches it: %j", (text) => expect(email.safeParse(text).success).toBe(false));

  test("keeps the domain as it is spelled where it is shown", () => {
    expect(emailDomain("x@BÜCHER.example")).toBe("bücher.example");
  });
});
