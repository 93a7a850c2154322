import { afterEach, describe, expect, test, vi } from "vitest";
import { database } from "../../db/client";
import { sessions } from "../../db/schema";
import { env } from "../../http/test-client";
import { countTry } from "./attempts";
import { findSession, makeLink, readLink, startSession, takeLink } from "./sessions";

afterEach(() => void vi.useRealTimers());

const minutesLater = (minutes: number) => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + minutes * 60_000 });
};

test("only hashes of tokens are kept", async () => {
  const token = await makeLink(env, "anna@school.com");
  const rows = await database(env.DB).select().from(sessions);
  expect(JSON.stringify(rows)).not.toContain(token);
});

describe("a link", () => {
  test("works once", async () => {
    const token = await makeLink(env, "anna@school.com");
    const taken = await Promise.all([takeLink(env, token), takeLink(env, token)]);
    expect(taken.filter((email) => email !== null)).toEqual(["anna@school.com"]);
  });

  test("is good for 15 minutes", async () => {
    const token = await makeLink(env, "anna@school.com");
    minutesLater(14);
    expect(await readLink(env, token)).toBe("anna@school.com");
    minutesLater(2);
    expect(await takeLink(env, token)).toBeNull();
  });

  test("is no session, nor a session a link", async () => {
    const email = "anna@school.com";
    expect(await findSession(env, await makeLink(env, email))).toBeNull();
    expect(await takeLink(env, await startSession(env, email))).toBeNull();
  });
});

test("a session ends when nobody used it for 30 minutes, and after 12 hours", async () => {
  const token = await startSession(env, "anna@school.com");
  for (let minutes = 0; minutes < 12 * 60; minutes += 29) {
    expect(await findSession(env, token)).toEqual({ email: "anna@school.com" });
    minutesLater(29);
  }
  expect(await findSession(env, token)).toBeNull();

  const idle = await startSession(env, "anna@school.com");
  minutesLater(31);
  expect(await findSession(env, idle)).toBeNull();
});

test("tries are counted in windows of 15 minutes", async () => {
  const by = crypto.randomUUID();
  expect([(await countTry(env, by)).count, (await countTry(env, by)).count]).toEqual([1, 2]);
  minutesLater(16);
  expect((await countTry(env, by)).count).toBe(1);
});
