import { expect, test } from "vitest";
import { call, env, liveSchool } from "../../../../test/workers/live";
import { startSession } from "../../../schools/sign-in/sessions";
import { addressIn } from "../../address";
import { FORM_OF } from "../../components/forms/form";

/* Mail, as an owner sets it up, and the list of suppressed addresses. */

const EMAIL = "mia@school.com";
const { school } = liveSchool("live", { collaborators: [{ email: EMAIL, role: "owner" }] });

async function page(method: string, at: string, fields?: Record<string, string>) {
  const headers = {
    cookie: `__Host-schoolbell=${await startSession(env, EMAIL)}`,
    origin: "https://schoolbell.test",
    "sec-fetch-site": "same-origin",
    ...(fields ? { "content-type": "application/x-www-form-urlencoded" } : {}),
  };
  const body = fields && new URLSearchParams({ [FORM_OF]: school.id, ...fields }).toString();
  return call(method, addressIn(school.id, at), body, undefined, headers);
}

const FORM = {
  ...{ from: "", from_name: "The Bell", reply_to: "", logo: "", footer: "Acme", per: "P7D", count: "2" },
  ...{ quiet_from: "21:00", quiet_to: "08:00", topics: "tips: Tips & tricks\nWhat is new", track: "true" },
  signature: "true",
};

test("what a mail server may be reached by is said in words, and where a mail service reports to stands where that is set up", async () => {
  const smtp = (await page("GET", "/settings/connectors/email?type=smtp")).text;
  expect(smtp).toContain("Not encrypted: password and mails can be read on the way");
  expect(smtp).not.toMatch(/>\s*(–|none|starttls|implicit)\s*</);
  const settings = (await page("GET", "/settings")).text;
  expect(settings).toContain("What goes on for them ends");
  expect(settings).not.toMatch(/<option[^>]*>\s*(–|end|erase)\s*</);
  const { hook_key: key } = (await school.ask("GET", "/v1/school")).body;
  const bounces = (await page("GET", "/settings/connectors/mail_webhooks")).text.replaceAll(/\s+/g, "");
  for (const vendor of ["postmark", "resend", "ses"]) expect(bounces).toContain(`/hooks/mail/${vendor}/${key}</code>`);
});

test("what the form says is what the school's mail goes by, and stands in it again", async () => {
  expect((await page("POST", "/settings/mail", FORM)).status).toBe(303);
  const { settings } = (await school.ask("GET", "/v1/school")).body;
  expect(settings.mail).toEqual({
    ...{ from_name: "The Bell", footer: "Acme", at_most: { count: 2, per: "P7D" } },
    quiet_hours: { from: "21:00", to: "08:00" },
    track: true,
    signature: true,
    topics: [
      { id: "tips", name: "Tips & tricks" },
      { id: "what-is-new", name: "What is new" },
    ],
  });
  const { text } = await page("GET", "/settings/mail");
  for (const shown of ["The Bell", "21:00", "tips: Tips &amp; tricks"]) expect(text).toContain(shown);
  const none = Object.fromEntries(Object.keys(FORM).map((name) => [name, name === "per" ? "P1D" : ""]));
  await page("POST", "/settings/mail", none);
  expect((await school.ask("GET", "/v1/school")).body.settings.mail).toBeNull();
});

test("a kind of mail gets an id whatever its name is written in", async () => {
  await page("POST", "/settings/mail", { ...FORM, topics: "Ökologie für alle\n\nΝέα" });
  expect((await school.ask("GET", "/v1/school")).body.settings.mail.topics).toEqual([
    { id: "okologie-fur-alle", name: "Ökologie für alle" },
    { id: "kind-2", name: "Νέα" },
  ]);
});

test("a fault stands at its field, and what was written stays", async () => {
  const refused = await page("POST", "/settings/mail", { ...FORM, quiet_from: "nine" });
  expect(refused.status).toBe(422);
  expect(refused.text).toContain("Not a time of day");
  expect(refused.text).toContain('value="nine"');
});

test("another server asks for the password anew, at its field, and all else that was written stays", async () => {
  const smtp = { type: "smtp", host: "mail.acme.com", port: "587", user: "u", from: "a@acme.com" };
  expect((await page("POST", "/settings/connectors/email", { ...smtp, pass: "hunter2" })).status).toBe(303);
  expect((await page("POST", "/settings/connectors/email", { ...smtp, pass: "" })).status).toBe(303);
  const { status, text } = await page("POST", "/settings/connectors/email", { ...smtp, host: "mail.b.com", pass: "" });
  expect(status).toBe(422);
  const field = /<div class="field[^>]*>(?:(?!<div class="field).)*id="f-pass"(?:(?!<div class="field).)*/s.exec(
    text,
  )?.[0];
  expect(field).toContain("Write it anew: the kept one belongs to another server or account");
  expect(text).toContain('value="mail.b.com"');
});

test("what is no address is not suppressed, and says so at its field", async () => {
  const refused = await page("POST", "/suppressions", { address: "anna at acme" });
  expect(refused.status).toBe(422);
  expect(refused.text).toMatch(/value="anna at acme"[\s\S]*id="f-address-says"[\s\S]*This is not an email address/);
});

test("an address is suppressed and lifted by hand, and shown with its learner", async () => {
  await school.ask("PUT", "/v1/users/anna", { email: "anna@acme.com" });
  expect((await page("POST", "/suppressions", { address: "Anna@acme.com" })).status).toBe(303);
  expect((await page("GET", "/suppressions")).text).toContain("by hand: no mail");
  expect((await page("GET", "/learners/anna")).text).toContain("by hand: no mail");
  expect((await page("GET", "/suppressions?address=ANNA@acme.com")).text).toContain("by hand: no mail");
  expect((await page("GET", "/suppressions?address=ben@acme.com")).text).toContain("Mail goes to ben@acme.com");
  const [{ id }] = (await school.ask("GET", "/v1/suppressions")).body.data;
  expect((await page("POST", `/suppressions/${id}/lift`, {})).status).toBe(303);
  expect((await page("GET", "/learners/anna")).text).not.toContain("by hand: no mail");
});

test("pieces of text are written, changed and deleted; the variable is made of the name, and a fault stands at its field", async () => {
  const piece = { name: "Opening hours", body: "We are open {{ current_year }}" };
  expect((await page("POST", "/settings/pieces", piece)).status).toBe(303);
  const list = (await page("GET", "/settings/pieces")).text;
  for (const shown of ["Opening hours", "{{ pieces.opening_hours }}"]) expect(list).toContain(shown);
  const unread = await page("POST", "/settings/pieces", { name: "Bad", body: "{{ user" });
  expect(unread.status).toBe(422);
  expect(unread.text).toContain("has no end: close it with }}");
  expect((await page("POST", "/settings/pieces", piece)).status).toBe(422);
  expect((await page("POST", "/settings/pieces/opening_hours", { ...piece, body: "Closed" })).status).toBe(303);
  const pieces = async () => (await school.ask("GET", "/v1/school")).body.settings.mail_pieces;
  expect(await pieces()).toEqual([{ id: "opening_hours", name: "Opening hours", body: "Closed" }]);
  expect((await page("GET", "/settings/pieces/opening_hours/delete")).text).toContain("Delete “Opening hours”?");
  expect((await page("POST", "/settings/pieces/opening_hours/delete", {})).status).toBe(303);
  expect(await pieces()).toEqual([]);
  expect((await page("GET", "/settings/pieces/opening_hours")).status).toBe(404);
});
