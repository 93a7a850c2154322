import { expect, test, vi } from "vitest";

/*
 * What an isolate makes before its first request, and what is made for the first of each kind. Nearly all of that time goes
 * into schemas; they are counted, since a time depends on the machine. zod hands every schema that it makes to a hook of its
 * configuration.
 */

const MOST_OF_AN_OBJECT = 1_600;
const MOST_OF_A_REQUEST = 4_000;

/** Makes all from the beginning, and counts the schemas. */
async function schemasMade(act: (made: () => number) => Promise<void>): Promise<void> {
  // zod keeps its configuration there, and says so of no type.
  const holder = globalThis as { __zod_globalConfig?: { postProcessor?: (() => void) | undefined } };
  holder.__zod_globalConfig ??= {};
  const config = holder.__zod_globalConfig;
  let made = 0;
  config.postProcessor = () => made++;
  try {
    vi.resetModules();
    await act(() => made);
  } finally {
    config.postProcessor = undefined;
  }
}

test("a Worker begins with none of its schemas made", async () => {
  await schemasMade(async (made) => {
    await import("../../../src/index");
    expect(made()).toBe(0);
  });
});

test("its first object makes few, its first request no more than that of all routes: cards and templates make theirs late", async () => {
  await schemasMade(async (made) => {
    await import("../../../durable-objects/user");
    expect(made()).toBeLessThan(MOST_OF_AN_OBJECT);
    await import("../../../src/application");
    expect(made()).toBeLessThan(MOST_OF_A_REQUEST);
    const before = made();
    const { actions } = await import("../../../src/catalogue");
    expect([...actions.values()].every(({ params }) => params.shape)).toBe(true);
    expect(made()).toBeGreaterThan(before + actions.size);
  });
});

test("and all of it without what sends by SMTP, which is evaluated for the first mail that leaves so", async () => {
  vi.doMock("nodemailer/lib/mail-composer", () => {
    throw new Error("evaluated");
  });
  try {
    vi.resetModules();
    expect(await import("../../../src/index")).toBeDefined();
    expect(await import("../../../durable-objects/user")).toBeDefined();
    expect(await import("../../../src/application")).toBeDefined();
    expect(await import("../../../src/background")).toBeDefined();
    await expect(import("../../../src/connectors/vendors/smtp-session")).rejects.toThrow();
  } finally {
    vi.doUnmock("nodemailer/lib/mail-composer");
  }
});
