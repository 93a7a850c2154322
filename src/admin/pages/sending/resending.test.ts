import { expect, test, vi } from "vitest";
import { consume, env, flushLog, liveSchool, standIn } from "../../../../test/workers/live";
import { createApp } from "../../../http/app";
import { routes } from "../../../http/routes";
import { call } from "../../../http/test-client";
import { startSession } from "../../../schools/sign-in/sessions";
import { addressIn } from "../../address";
import { mountAdmin } from "../../app";
import { formOf } from "../../test-forms";

const app = createApp(routes);
mountAdmin(app, routes);

const EMAIL = "editor@school.com";
const { school, queues } = liveSchool("live", {
  collaborators: [{ email: EMAIL, role: "editor" }],
  connectors: { email: null },
});

const cookie = async () => ({ cookie: `__Host-schoolbell=${await startSession(env, EMAIL)}` });
const at = (path: string) => addressIn(school.id, path);

async function get(path: string): Promise<string> {
  const { text } = await call(app, "GET", at(path), undefined, { headers: await cookie() });
  return text.replaceAll(/\s+/g, " ");
}
async function post(path: string, fields: Record<string, string>) {
  const { headers } = await call(app, "POST", at(path), formOf(at(path), fields), {
    headers: {
      ...(await cookie()),
      origin: "https://schoolbell.test",
      "content-type": "application/x-www-form-urlencoded",
    },
  });
  return headers.get("location") ?? "";
}

test("a mail that its address keeps back is not sent again before mail may go there, and it says why", async () => {
  await school.ask("PUT", "/v1/users/anna", { username: "Anna", email: "anna@acme.com" });
  const { id } = (await school.ask("POST", "/v1/users/anna/mails", { subject: "Hi", body: "Hello." })).body;
  await consume("schoolbell-actions", queues.actions.splice(0));
  await flushLog(school.id, "anna");
  const again = at(`/deliveries/${id}/retry`);
  expect(await get(`/deliveries/${id}`)).toContain(again);
  const suppressed = (await school.ask("POST", "/v1/suppressions", { address: "anna@acme.com" })).body;
  const shown = await get(`/deliveries/${id}`);
  expect(shown).not.toContain(again);
  expect(shown).toContain(
    "anna@acme.com is a suppressed address, so this cannot be sent again: the address was put on",
  );
  expect(await post(`/suppressions/${suppressed.id}/lift`, { delivery: id })).toBe(at(`/deliveries/${id}?done=lifted`));
  expect(await get(`/deliveries/${id}`)).toContain(again);
});

test("before and after a run is undone, what of it failed is called by what it is, never by an id", async () => {
  standIn("https://hooks.acme.com/in", () => new Response(null, { status: 410 }));
  await school.automation({
    when: [{ type: "custom", name: "ring" }],
    name: "Ring",
    then: [{ type: "webhook.send", url: "https://hooks.acme.com/in" }],
  });
  await school.event("custom.ring", { id: "ben" });
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
  await flushLog(school.id, "ben");
  const [failed] = (await school.ask("GET", "/v1/deliveries?user=ben")).body.data;
  expect(failed.status).toBe("failed");
  const named = /message\s*<b>https:\/\/hooks\.acme\.com\/in<\/b>/;
  const asked = await get(`/runs/${failed.run_id}/undo`);
  expect(asked).toMatch(named);
  expect(asked).not.toContain("dlv_");
  const job = /\/jobs\/job_[^?]+/.exec(await post(`/runs/${failed.run_id}/undo`, { chain: "false" }))?.[0] ?? "";
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
  expect(await get(job)).toMatch(named);
});

test("a mail that bounced is told as bounced, and offered again only once mail may go to its address", async () => {
  vi.spyOn(globalThis, "fetch").mockImplementation(async () => Response.json({ ErrorCode: 0 }));
  const email = { type: "postmark", server_token: "t", from: "school@acme.com" };
  await school.ask("PATCH", "/v1/school", { settings: { connectors: { email } } });
  await school.automation({
    ...{ when: [{ type: "custom", name: "go" }], name: "Letters" },
    then: [{ type: "email.user", subject: "Hi", body: "Hello.", kind: "transactional" }],
  });
  await school.event("custom.go", { id: "cleo", email: "cleo@acme.com" });
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
  await flushLog(school.id, "cleo");
  const [sent] = (await school.ask("GET", "/v1/deliveries?user=cleo")).body.data;
  const { hook_key: key } = (await school.ask("GET", "/v1/school")).body;
  const report = { RecordType: "Bounce", ID: 1, Type: "HardBounce", Email: "cleo@acme.com" };
  const bounce = { ...report, Description: "No such user.", Metadata: { delivery: sent.idempotency_key } };
  await call(app, "POST", `/hooks/mail/postmark/${key}`, bounce);
  await flushLog(school.id, "cleo");
  const shown = await get(`/deliveries?user=cleo`);
  expect(shown).toContain("bounced</span>");
  expect(shown).not.toContain("Send the selected ones now");
  const again = at(`/deliveries/${sent.id}/retry`);
  expect(await get(`/deliveries/${sent.id}`)).not.toContain(again);
  expect(await get("/health")).toContain("of the mails sent bounced");
  const [{ id }] = (await school.ask("GET", "/v1/suppressions")).body.data;
  await post(`/suppressions/${id}/lift`, { delivery: sent.id });
  const lifted = await get(`/deliveries/${sent.id}`);
  expect(lifted).toContain(again);
  expect(lifted).toContain("Send again");
});
