import { vi } from "vitest";
import { env } from "../../src/http/test-client";

const WRITES = /^\s*(?:insert|update|delete|replace)\b/i;

/** Lets `meddle` come between what the next batch that writes was made of and its writing; once. */
export function overtakeOnce(meddle: () => Promise<unknown>): void {
  const batch = env.DB.batch.bind(env.DB);
  let isDone = false;
  vi.spyOn(env.DB, "batch").mockImplementation(async (statements) => {
    // The runtime's statements carry their text, though its type does not say so.
    const texts = statements.map((one) => (one as unknown as { statement: string }).statement);
    if (!isDone && texts.some((text) => WRITES.test(text))) {
      isDone = true;
      await meddle();
    }
    return batch(statements);
  });
}
