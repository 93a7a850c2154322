import { describe, expect, test } from "vitest";
import type { EventCall, RemoteUser, SchoolReference } from "../user";
import { isOverloaded, isRetryable, refusalOf, remote, SCHOOL_CALLS, USER_CALLS } from "./again";

const REFERENCE: SchoolReference = { id: "school", stamp: 1, now: null };
const failure = (how: object, message = "it broke") => Object.assign(new Error(message), how);

/** A user's object whose stubs fail one after the other, each for good, and how often each was called. */
function failing(errors: readonly (Error | null)[]) {
  const calls: number[] = [];
  const user = remote(() => {
    const error = errors[calls.length] ?? null;
    const at = calls.push(0) - 1;
    const answer = async () => {
      calls[at] = (calls[at] ?? 0) + 1;
      if (error) throw error;
      return "an answer";
    };
    // Every method of it answers alike.
    return new Proxy({}, { get: () => answer }) as RemoteUser;
  }, USER_CALLS);
  return { user, calls };
}

const eventCall = (hash: string | null) => ({ id: "e1", hash }) as EventCall;

describe("a call of an object", () => {
  test("that the platform says may work again is made once more, by another stub", async () => {
    const { user, calls } = failing([failure({ retryable: true })]);
    expect(await user.read(REFERENCE, { givers: false })).toBe("an answer");
    expect(calls).toEqual([1, 1]);
  });

  test("is made twice at most", async () => {
    const { user, calls } = failing([failure({ retryable: true }), failure({ retryable: true }, "and again")]);
    await expect(user.state()).rejects.toThrow("and again");
    expect(calls).toEqual([1, 1]);
  });

  test.each([
    ["there is too much at once", failure({ overloaded: true, retryable: true })],
    ["the platform says so in words alone", failure({ retryable: true }, "Durable Object is overloaded.")],
    ["the account calls too many", failure({}, "Your account is generating too much load on Durable Objects.")],
    ["it failed for a fault of ours", failure({})],
    ["it is said that no other try will do", failure({ retryable: false })],
  ])("is not made again where %s", async (_, error) => {
    const { user, calls } = failing([error]);
    await expect(user.read(REFERENCE, { givers: false })).rejects.toBe(error);
    expect(calls).toEqual([1]);
  });

  test("is not made again where it may have been done and would be done twice", async () => {
    const events = async (...hashes: (string | null)[]) => {
      const { user, calls } = failing([failure({ retryable: true })]);
      await user.events(REFERENCE, hashes.map(eventCall)).catch(() => {});
      return calls.length;
    };
    expect([await events("h"), await events("h", null), await events(null)]).toEqual([2, 1, 1]);
    const changes = async (options: { creates: boolean; once?: string }) => {
      const { user, calls } = failing([failure({ retryable: true })]);
      await user
        .change(REFERENCE, { kind: "enrol", automation: "aut_1", origin: { by: "hand", id: null } }, options)
        .catch(() => {});
      return calls.length;
    };
    expect([await changes({ creates: false, once: "job 1" }), await changes({ creates: false })]).toEqual([2, 1]);
    const { user, calls } = failing([failure({ retryable: true })]);
    await expect(user.claim(REFERENCE, "dlv_1")).rejects.toThrow();
    expect([calls, SCHOOL_CALLS.admit]).toEqual([[1], false]);
  });
});

test("what the platform says of itself is told apart, however deep it lies", () => {
  const inside = (error: Error) => new Error("Failed query", { cause: error });
  const busy = inside(failure({}, "D1_ERROR: D1 DB is overloaded. Requests queued for too long."));
  const again = inside(failure({ retryable: true }));
  expect([busy, again].map(isOverloaded)).toEqual([true, false]);
  expect([busy, again].map(isRetryable)).toEqual([false, true]);
  expect([isOverloaded("text"), isRetryable(null), isRetryable(failure({ retryable: "yes" }))]).toEqual([
    false,
    false,
    false,
  ]);
});

const documented = (text: string) => new Error(`Failed query: insert`, { cause: new Error(`D1_ERROR: ${text}`) });

test.each([
  "D1 DB reset because its code was updated.",
  "Internal error while starting up D1 DB storage caused object to be reset.",
  "Internal error in D1 DB storage caused object to be reset.",
  "Network connection lost.",
  "Cannot resolve D1 DB due to transient issue on remote node.",
  "Replica disconnected from primary.",
])("what D1 documents as worth another try is so, though it says it in words alone: %s", (text) => {
  const error = documented(text);
  expect([isOverloaded(error), isRetryable(error)]).toEqual([false, true]);
  expect(refusalOf(error)).toMatchObject({ status: 503, retryAfterSeconds: 1 });
});

test.each([
  documented("D1 DB is overloaded. Requests queued for too long."),
  documented("D1 DB is overloaded. Too many requests queued."),
  documented("D1 DB storage operation exceeded timeout which caused object to be reset."),
  new Error("Queue send failed: Too Many Requests"),
  new Error("Queue sendBatch failed: Queue is overloaded. Please back off."),
  new Error("Queue is overloaded. Please back off. (10250)"),
  new Error("Durable Object is overloaded. Too many requests queued."),
])("too much of D1, of a queue or of an object is shed, and tried by nobody at once: %s", (error) => {
  expect([isOverloaded(error), isRetryable(error)]).toEqual([true, false]);
  expect(refusalOf(error)).toMatchObject({ status: 503, retryAfterSeconds: 5 });
});

test("a fault of ours is neither", () => {
  const errors = [documented("UNIQUE constraint failed: users.id"), new Error("no answer"), "Network connection lost."];
  expect(errors.map(refusalOf)).toEqual([null, null, null]);
});
