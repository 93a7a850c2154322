import { expect, test } from "vitest";
import { outcomeOf } from "./test-outcome";

const ok = (body: unknown) => ({ status: 200, body, etag: null });

test.each([
  ["sent", "good", "Sent to mia@acme.com."],
  ["captured", "warned", "this school keeps its mail"],
  ["not_sent", "warned", "mail is not set up"],
  ["suppressed", "warned", "among the suppressed addresses"],
  ["failed", "fault", "The mail service said: 550 no"],
])("what became of a test is said in words: %s", (status, tone, words) => {
  const outcome = outcomeOf(ok({ status, error: status === "failed" ? "550 no" : null }), "mia@acme.com");
  expect(outcome).toMatchObject({ tone, words: expect.stringContaining(words) });
});

test("a refusal says whom tests go to, or what is wrong with the text", () => {
  const refused = (path: string) => ({ status: 422, body: { errors: [{ path, message: "odd" }] }, etag: null });
  expect(outcomeOf(refused("/to"), "x@y.com").words).toContain("x@y.com is not a collaborator");
  expect(outcomeOf(refused("/subject"), "x@y.com")).toMatchObject({
    tone: "fault",
    words: expect.stringMatching(/^Not sent\. odd/i),
  });
});
