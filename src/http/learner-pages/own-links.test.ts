import { expect, test } from "vitest";
import { consume, liveSchool } from "../../../test/workers/live";
import worker from "../../index";
import { startSession } from "../../schools/sign-in/sessions";
import { call, env } from "../test-client";
import { streamWithoutLinks, withoutLinks } from "./own-links";

const { school, queues } = liveSchool("live", { mail: { footer: "Acme" } });

const TOKEN = /(unsubscribe|preferences)(\/|%2F)[\w-]+\.[\w-]+/;
const SHOWN = /preferences(\/|%2F)…/;

test("a link that opens without a sign-in is shown to who may change, and its token to nobody who may only look", async () => {
  const mail = {
    ...{ type: "email.user", kind: "marketing", subject: "Hi" },
    body: '<a href="https://clicks.acme.com/?to={{ preferences_url | url_encode }}">Your page</a> Hello.',
  };
  const automation = await school.automation({ when: [{ type: "custom", name: "go" }], then: [mail] });
  const anna = { id: "anna", email: "anna@acme.com", marketing_consent: true };
  await school.event("custom.go", anna);
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
  const [{ id }] = (await school.ask("GET", "/v1/deliveries?user=anna")).body.data;
  const reader = (await school.ask("POST", "/v1/api-keys", { name: "Reader", scopes: ["read"] })).body.key;
  const ask = (token: string, method: string, path: string, body?: unknown) =>
    call(worker, method, path, body, { token });
  for (const [method, path, body] of [
    ["GET", `/v1/deliveries/${id}`],
    ["GET", "/v1/deliveries?user=anna"],
    ["GET", "/v1/users/anna/export"],
    ["POST", "/v1/automations/simulate", { automation_id: automation, user: "anna" }],
  ] as const) {
    expect((await ask(school.key, method, path, body)).text, path).toMatch(TOKEN);
    const seen = await ask(reader, method, path, body);
    expect([seen.status, seen.text], path).toEqual([200, expect.not.stringMatching(TOKEN)]);
    expect(seen.text, path).toMatch(SHOWN);
  }
  for (const [role, sees] of [
    ["viewer", false],
    ["editor", true],
  ] as const) {
    const email = `${role}@acme.com`;
    await school.ask("PATCH", "/v1/school", { settings: { collaborators: [{ email, role }] } });
    const cookie = `__Host-schoolbell=${await startSession(env, email)}`;
    const page = await call(worker, "GET", `/admin/s/${school.id}/deliveries/${id}/preview`, undefined, {
      headers: { cookie },
    });
    expect([role, page.status, TOKEN.test(page.text)]).toEqual([role, 200, sees]);
  }
});

const streamOf = (pieces: readonly Uint8Array[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });

test("a link is found wherever a stream is cut, and what is none stays as it is", async () => {
  const text = `{"a":"https://x.com/unsubscribe/${"a".repeat(70)}.b-_c","b":"é /preferences and a.b %2Fpreferences%2FxY.z9\\n"}`;
  const bytes = new TextEncoder().encode(text);
  for (const size of [1, 2, 3, 7, 50, 1_000]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
      bytes.slice(n * size, (n + 1) * size),
    );
    const found = await new Response(streamWithoutLinks(streamOf(pieces))).text();
    expect(found).toBe('{"a":"https://x.com/unsubscribe/…","b":"é /preferences and a.b %2Fpreferences%2F…\\n"}');
    expect(found).toBe(withoutLinks(text));
  }
});
