import { expect, test, vi } from "vitest";
import { consume, env, flushLog, liveSchool, standIn } from "../../../../test/workers/live";
import { idsFrom } from "../../../engine/identity";
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

test("nothing is ticked unless a person asks, and what was sent again is told where they were", async () => {
  standIn("https://hooks.acme.com/in", () => new Response(null, { status: 410 }));
  const then = [{ type: "webhook.send", url: "https://hooks.acme.com/in" }];
  await school.automation({ when: [{ type: "custom", name: "ring" }], name: "Ring", then });
  for (const id of ["dora", "emil"]) await school.event("custom.ring", { id });
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
  for (const id of ["dora", "emil"]) await flushLog(school.id, id);
  const list = "/deliveries?channel=webhook&status=failed";
  const boxes = (text: string) => text.match(/<input type="checkbox" name="id"[^>]*>/g) ?? [];
  const shown = await get(list);
  expect(boxes(shown)).toHaveLength(2);
  expect(boxes(shown).join()).not.toContain("checked");
  const [, all = ""] = /href="([^"]*)">\s*Select all shown/.exec(shown) ?? [];
  const ticked = await get(all.replaceAll("&amp;", "&").replace(at(""), ""));
  expect(boxes(ticked).every((box) => box.includes("checked"))).toBe(true);
  const [, here = ""] = /name="here" value="([^"]*)"/.exec(ticked) ?? [];
  const fields = { here: here.replaceAll("&amp;", "&") };
  expect(fields.here).toBe(at(list));
  expect(await post("/deliveries/retry", fields)).toBe(at(`${list}&done=none_ticked`));
  expect(await get(`${list}&done=none_ticked`)).toContain("Nothing is selected");
  const [, id = ""] = /value="([^"]*)"/.exec(boxes(shown)[0] ?? "") ?? [];
  expect(await post("/deliveries/retry", { ...fields, id })).toBe(at(`${list}&done=resent_many&n=1`));
  expect(await get(`${list}&done=resent_many&n=1`)).toContain("1 delivery is sent again.");
  // What is on its way already is refused: that is told, with the way back.
  const refused = await call(app, "POST", at("/deliveries/retry"), formOf(at("/deliveries/retry"), { ...fields, id }), {
    headers: {
      ...(await cookie()),
      origin: "https://schoolbell.test",
      "content-type": "application/x-www-form-urlencoded",
    },
  });
  expect(refused.text).toContain("It was done for 0 of 1");
  expect(refused.text).toContain(`href="${here}"`);
  // Once none is left that the list asks for, that is no mistake of who asked.
  const [, last = ""] = /value="([^"]*)"/.exec(boxes(shown)[1] ?? "") ?? [];
  await post("/deliveries/retry", { ...fields, id: last });
  for (const user of ["dora", "emil"]) await flushLog(school.id, user);
  const emptied = await get(`${list}&done=resent_many&n=1`);
  expect(emptied).toContain("None is left");
  expect(emptied).not.toContain("No delivery like that");
  expect(await get(list)).toContain("No delivery like that");
});

test("a search by subject goes on by itself, and beyond its bound says how far it came", async () => {
  const day = Date.UTC(2026, 0, 1);
  const made = (from: number, n: number, subject: string) =>
    env.DB.prepare(
      `with recursive n (i) as (select 0 union all select i + 1 from n where i + 1 < ?4)
       insert into deliveries (school, id, run, automation, step, user, channel, status, recipients, content, attempts,
         idempotency_key, created_at, logged_at, seq)
       select ?1, ?2 || printf('%09d', i), 'run_x', 'aut_x', 's1', 'anna', 'email', 'sent', '[]', ?3, '[]', 'k', 0, 0, 1 from n`,
    ).bind(school.id, idsFrom("dlv", from), JSON.stringify({ subject }), n);
  await env.DB.batch([
    made(day, 1, "The needle"),
    made(day + 60_000, 19_000, "Hay"),
    made(day + 120_000, 1, "Another needle"),
  ]);
  const found = await get("/deliveries?subject=needle");
  expect(found).toContain("The needle");
  expect(found.slice(found.indexOf("<main"))).toContain("Another needle");
  expect(found).not.toContain("Look further");
  await made(day + 180_000, 19_000, "Hay").run();
  const further = await get("/deliveries?subject=needle");
  expect(further.slice(further.indexOf("<main"))).toContain("Another needle");
  expect(further).toMatch(/Looked through back to .*1 Jan.*1 found on this page/);
  const [, next = ""] = /href="([^"]*)" rel="next">\s*Look further/.exec(further) ?? [];
  expect(await get(next.replaceAll("&amp;", "&").replace(at(""), ""))).toContain("The needle");
});
