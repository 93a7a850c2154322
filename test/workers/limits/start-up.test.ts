import { expect, test, vi } from "vitest";

/*
 * What an isolate makes before its first request. Nearly all of that time goes into schemas; they are counted, since a
 * time depends on the machine. zod hands every schema that it makes to a hook of its configuration.
 */

const MOST_SCHEMAS = 1_600;

test("a Worker begins with few of its schemas made: a card's and a template's are when they are first asked for", async () => {
  // zod keeps its configuration there, and says so of no type.
  const holder = globalThis as { __zod_globalConfig?: { postProcessor?: (() => void) | undefined } };
  holder.__zod_globalConfig ??= {};
  const config = holder.__zod_globalConfig;
  let made = 0;
  config.postProcessor = () => made++;
  try {
    vi.resetModules();
    await import("../../../src/index");
    expect(made).toBeGreaterThan(100);
    expect(made).toBeLessThan(MOST_SCHEMAS);
    const before = made;
    const { actions } = await import("../../../src/catalogue");
    expect([...actions.values()].every(({ params }) => params.shape)).toBe(true);
    expect(made).toBeGreaterThan(before + actions.size);
  } finally {
    config.postProcessor = undefined;
  }
});

test("and without what sends by SMTP, which is evaluated for the first mail that leaves so", async () => {
  vi.doMock("nodemailer/lib/mail-composer", () => {
    throw new Error("evaluated");
  });
  try {
    vi.resetModules();
    expect(await import("../../../src/index")).toBeDefined();
    await expect(import("../../../src/connectors/vendors/smtp-session")).rejects.toThrow();
  } finally {
    vi.doUnmock("nodemailer/lib/mail-composer");
  }
});
