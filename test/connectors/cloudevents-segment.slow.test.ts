import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Analytics } from "@segment/analytics-node";
import { CloudEvent, emitterFor, HTTP, httpTransport, Mode } from "cloudevents";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startWorker } from "../../scripts/started.mjs";
import { makeSchool } from "../e2e-node/client.mjs";

/* The real clients of two formats, sending to a whole Worker. */

let worker: Awaited<ReturnType<typeof startWorker>>;
let key: string;
let call: Awaited<ReturnType<typeof makeSchool>>["call"];

beforeAll(async () => {
  worker = await startWorker();
  ({ key, call } = await makeSchool(worker, { name: "S", mode: "live" }));
});
afterAll(() => worker?.stop());

describe("cloudevents", () => {
  const event = (more: Partial<ConstructorParameters<typeof CloudEvent>[0]> = {}) =>
    new CloudEvent({
      type: "com.school.course.completed",
      source: "https://school.example/lms",
      subject: "users/anna",
      data: { course: "js-101", user: { username: "Олена" } },
      tenantid: "t1",
      ...more,
    });
  const post = async ({ headers, body }: { headers: Record<string, unknown>; body: unknown }) => {
    const response = await fetch(`${worker.url}/v1/events`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, ...(headers as Record<string, string>) },
      ...(body === undefined ? {} : { body: String(body) }),
    });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };

  test("its binary and its structured message are one event", async () => {
    const given = event();
    const first = await post(HTTP.binary(given));
    expect([first.status, first.body.user.id, first.body.user.username]).toEqual([200, "anna", "Олена"]);
    expect(first.body.facts.map(({ type }: { type: string }) => type)).toContain("course.completed");
    expect(await post(HTTP.structured(given))).toEqual({ status: 200, body: { ...first.body, duplicate: true } });
  });

  test("an event without data is one, and one of a type of the sender's own is counted", async () => {
    const bare = event({ type: "user.signed_in", data: undefined });
    expect((await post(HTTP.binary(bare))).status).toBe(200);
    expect((await post(HTTP.structured(bare))).body.duplicate).toBe(true);
    const answer = await post(HTTP.structured(event({ type: "com.school.lesson.completed" })));
    expect(answer).toEqual({ status: 202, body: { unmapped: "com.school.lesson.completed" } });
  });

  test.each([Mode.BINARY, Mode.STRUCTURED])("its emitter gets through in mode %s", async (mode) => {
    const emit = emitterFor(httpTransport(`${worker.url}/v1/events`), { mode });
    const id = `by-emitter-${mode}`;
    const options = { headers: { authorization: `Bearer ${key}` } };
    // What httpTransport resolves to.
    const { body } = (await emit(event({ id, type: "custom.step" }), options)) as { body: string };
    expect(JSON.parse(body)).toMatchObject({ duplicate: false, user: { id: "anna" } });
  });
});

describe("@segment/analytics-node", () => {
  /** Answers as `statuses` say, then lets the Worker answer. */
  async function inFront(statuses: number[]) {
    const seen: number[] = [];
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const status = statuses.shift();
      if (status !== undefined) {
        seen.push(status);
        response.writeHead(status, { "retry-after": "0" }).end();
        return;
      }
      const answer = await fetch(worker.url + request.url, {
        method: "POST",
        // Set by the client under test.
        headers: { authorization: request.headers.authorization ?? "", "content-type": "application/json" },
        body: Buffer.concat(chunks),
      });
      seen.push(answer.status);
      response.writeHead(answer.status).end(await answer.text());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    // An address of a listening TCP server is never a string or null.
    const { port } = server.address() as AddressInfo;
    return { seen, host: `http://127.0.0.1:${port}`, close: () => server.close() };
  }

  test("fills a user with what it says, and is told of no failure", async () => {
    const analytics = new Analytics({ writeKey: key, host: worker.url });
    const failures: unknown[] = [];
    analytics.on("error", (error) => failures.push(error));
    const userId = "olena";
    analytics.identify({ userId, traits: { email: "o@example.com", name: "Olena", plan: "pro", tags: ["vip"] } });
    analytics.track({ userId, event: "Course Completed", properties: { course_id: "js-101" } });
    analytics.track({
      userId,
      event: "Order Completed",
      properties: { total: 10, products: [{ product_id: "js-101" }] },
    });
    analytics.group({ userId, groupId: "g1" });
    analytics.page({ userId, name: "Home" });
    analytics.screen({ anonymousId: "nobody", name: "Home" });
    analytics.alias({ userId, previousId: "nobody" });
    await analytics.closeAndFlush();
    expect(failures).toEqual([]);
    expect(await call("GET", `/v1/users/${userId}`)).toMatchObject({
      email: "o@example.com",
      username: "Olena",
      fields: { plan: "pro" },
      tags: ["vip"],
      groups: ["g1"],
      paying: true,
      courses: { "js-101": { percent: 100 } },
      last_seen: { school: expect.any(String) },
    });
    const { data } = await call("GET", "/v1/unmapped");
    const own = data.filter(({ format }: { format: string }) => format === "segment");
    expect(own.map(({ name, count }: { name: string; count: number }) => [name, count]).sort()).toEqual([
      ["alias", 1],
      ["screen, of an anonymous user", 1],
    ]);
  });

  test("sends again after 503 and 429 until it is answered", async () => {
    const front = await inFront([503, 429]);
    const analytics = new Analytics({ writeKey: key, host: front.host });
    analytics.track({
      userId: "late",
      event: "Course Enrolled",
      properties: { course: "js-101" },
      messageId: "late-1",
    });
    await analytics.closeAndFlush();
    front.close();
    expect(front.seen).toEqual([503, 429, 200]);
    expect((await call("GET", "/v1/users/late")).enrolments).toHaveLength(1);
  });
});
