import { expect, test } from "vitest";
import { call, consume, env, flushLog, liveSchool, standIn } from "../../../../../test/workers/live";
import { startSession } from "../../../../schools/sign-in/sessions";
import { addressIn } from "../../../address";
import { signedIn } from "../../../test-signed-in";

/* Why somebody did not get what an automation sends, though it ran. */

const MAIL = { type: "resend", api_key: "re_1", from: "a@acme.com" };
const EMAIL = "viewer@school.com";
const { school, queues } = liveSchool("live", {
  collaborators: [{ email: EMAIL, role: "viewer" }],
  connectors: { email: MAIL },
});

const boxOf = (text: string): string =>
  (/class="panel-box why-answer">(.*?)<\/div>/s.exec(text)?.[1] ?? "").replaceAll(/\s+/g, " ");

async function answer(automation: string, user: string): Promise<string> {
  const headers = { cookie: `__Host-schoolbell=${await startSession(env, EMAIL)}` };
  const at = addressIn(school.id, `/automations/${automation}/why?user=${user}`);
  return boxOf((await call("GET", at, undefined, undefined, headers)).text);
}
const letters = (more: object = {}) =>
  school.automation({
    when: [{ type: "custom", name: "go" }],
    then: [{ type: "email.user", subject: "Hi", body: "Hello", ...more }],
  });
async function goes(user: Record<string, unknown>): Promise<void> {
  await school.event("custom.go", user);
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
  await flushLog(school.id, String(user.id));
}

test("that it ran is said with why the mail did not leave, and the one thing to change", async () => {
  await school.ask("POST", "/v1/suppressions", { address: "anna@x.com" });
  const id = await letters();
  await goes({ id: "anna", username: "Anna", email: "anna@x.com" });
  const said = await answer(id, "anna");
  expect(said).toContain("“Hi” did not leave: the address was put on the suppression list by hand.");
  expect(said).toContain("Lift the address, if mail may go there again.");
  expect(said).toContain(`href="${addressIn(school.id, "/suppressions")}"`);
  await goes({ id: "ben", username: "Ben" });
  expect(await answer(id, "ben")).toContain("A step did nothing: no email address.");
  expect(await answer(id, "ben")).toContain("Give Ben an email address.");
  const tips = await letters({ kind: "marketing" });
  await goes({ id: "cleo", username: "Cleo", email: "cleo@x.com" });
  expect(await answer(tips, "cleo")).toContain("It goes to Cleo once they agree to marketing.");
});

test("what a server refuses, what is tried again and what has left are told apart", async () => {
  let status = 503;
  standIn("https://api.resend.com", () => Response.json({ message: "No such user", id: "1" }, { status }));
  const id = await letters();
  await goes({ id: "anna", username: "Anna", email: "anna@x.com" });
  expect(await answer(id, "anna")).toContain("“Hi” has not got through yet:");
  expect(await answer(id, "anna")).toMatch(/It is tried again .*; or try it now\./);
  status = 422;
  await goes({ id: "ben", username: "Ben", email: "ben@x.com" });
  expect(await answer(id, "ben")).toMatch(/“Hi” failed: .*No such user/);
  status = 200;
  await goes({ id: "cleo", username: "Cleo", email: "cleo@x.com" });
  expect(await answer(id, "cleo")).toContain("Nothing stood in its way.");
});

test("what was kept because mail is not set up leads to where it is set up, and then to itself", async () => {
  await school.ask("PATCH", "/v1/school", { settings: { connectors: { email: null } } });
  const id = await letters();
  await goes({ id: "anna", email: "anna@x.com" });
  expect(await answer(id, "anna")).toContain("“Hi” was kept, not sent: nobody had set up how it leaves.");
  expect(await answer(id, "anna")).toContain(`href="${addressIn(school.id, "/settings/connectors/email")}"`);
  await school.ask("PATCH", "/v1/school", { settings: { connectors: { email: MAIL } } });
  expect(await answer(id, "anna")).toContain("It can leave now: send it.");
});

test("a test school's mail is kept, and a run under way says when it goes on", async () => {
  const { ask, get } = await signedIn("editor");
  const when = [{ type: "user.signed_up" }];
  const make = async (...then: object[]): Promise<string> =>
    (await ask("POST", "/v1/automations", { name: "A", when, then })).body.id;
  const mail = { type: "email.user", subject: "Hi", body: "Hello" };
  const [kept, waiting] = [await make(mail), await make({ type: "wait", for: "P2D" }, mail)];
  await ask("POST", "/v1/events", { type: "user.signed_up", user: { id: "anna", email: "anna@x.com" }, data: {} });
  await ask("POST", "/v1/test-clock", { advance: "PT0S" });
  const said = async (id: string) => boxOf((await get(`/automations/${id}/why?user=anna`)).text);
  expect(await said(kept)).toContain("“Hi” was kept, not sent: this is a test school.");
  expect(await said(waiting)).toMatch(/It is not over\..*It goes on \w+ \d/);
});
