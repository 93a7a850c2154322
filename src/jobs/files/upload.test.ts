import { createExecutionContext } from "cloudflare:test";
import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { env, liveSchool } from "../../../test/workers/live";
import { database } from "../../db/client";
import { jobChunks, jobs } from "../../db/schema";
import worker from "../../index";

const { school } = liveSchool();
const db = database(env.DB);
const utf8 = new TextEncoder();

const streamOf = (pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> => {
  const left = pieces.values();
  return new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const { value } = left.next();
      if (value) controller.enqueue(value);
      else controller.close();
    },
  });
};

/** Sends a file whose length is not announced. */
const send = (pieces: readonly Uint8Array[], headers: Record<string, string> = {}): Promise<Response> | Response =>
  worker.fetch(
    new Request("http://localhost/v1/users/import", {
      method: "POST",
      headers: { "content-type": "text/csv", authorization: `Bearer ${school.key}`, ...headers },
      body: streamOf(pieces),
    }),
    env,
    createExecutionContext(),
  );

const kept = async () => [
  await db.$count(jobChunks, eq(jobChunks.school, school.id)),
  await db.$count(jobs, eq(jobs.school, school.id)),
];
const HEADER = utf8.encode("id,email\n");
const LINES = Array.from({ length: 2_000 }, (_, n) => utf8.encode(`${"x".repeat(90)}-${n},\n`));

describe("a file that comes in pieces", () => {
  test("is taken in, and its job says how many lines it has", async () => {
    const answer = await send([HEADER, ...LINES]);
    expect(answer.status).toBe(202);
    const { job_id: id } = await answer.json<{ job_id: string }>();
    expect((await school.ask("GET", `/v1/jobs/${id}`)).body).toMatchObject({ total: 2_000 });
  });

  test.each([
    [400, "for a byte that is no UTF-8", () => [new Uint8Array([0xff])]],
    [413, "for more than 32 MiB", () => Array.from({ length: 33 }, () => new Uint8Array(1 << 20).fill(97))],
  ])("is a %i %s, and leaves nothing", async (status, _, rest) => {
    expect((await send([HEADER, ...LINES, ...rest()])).status).toBe(status);
    expect(await kept()).toEqual([0, 0]);
  });

  test.each([
    [422, "for its header", [utf8.encode("email\na@acme.com\n")], {}],
    [415, "for what it says it is", [HEADER], { "content-type": "application/json" }],
    [413, "for the length it announces", [HEADER], { "content-length": String(40 * 1024 * 1024) }],
  ])("is a %i %s", async (status, _, pieces, headers) => {
    expect((await send(pieces, headers)).status).toBe(status);
    expect(await kept()).toEqual([0, 0]);
  });

  test("with an Idempotency-Key is done once, and another file with it is a 409", async () => {
    const key = { "idempotency-key": crypto.randomUUID() };
    const answers = [await send([HEADER, ...LINES], key), await send([HEADER, ...LINES], key)];
    const ids = await Promise.all(answers.map((answer) => answer.json<{ job_id: string }>()));
    expect(ids[0]).toEqual(ids[1]);
    expect((await send([HEADER], key)).status).toBe(409);
    expect((await kept())[1]).toBe(1);
  });
});
