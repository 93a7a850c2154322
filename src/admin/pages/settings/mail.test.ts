import { expect, test } from "vitest";
import { call, env, liveSchool } from "../../../../test/workers/live";
import { startSession } from "../../../schools/sign-in/sessions";
import { addressIn } from "../../address";
import { FORM_OF } from "../../components/form";

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
  ...{ quiet_from: "21:00", quiet_to: "08:00", topics: "tips: Tips & tricks\nWhat is new" },
};

test("what the form says is what the school's mail goes by, and stands in it again", async () => {
  expect((await page("POST", "/settings/mail", FORM)).status).toBe(303);
  const { settings } = (await school.ask("GET", "/v1/school")).body;
  expect(settings.mail).toEqual({
    ...{ from_name: "The Bell", footer: "Acme", at_most: { count: 2, per: "P7D" } },
    quiet_hours: { from: "21:00", to: "08:00" },
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

test("a fault stands at its field, and what was written stays", async () => {
  const refused = await page("POST", "/settings/mail", { ...FORM, quiet_from: "nine" });
  expect(refused.status).toBe(422);
  expect(refused.text).toContain("Not a time of day");
  expect(refused.text).toContain('value="nine"');
});

test("an address is suppressed and lifted by hand, and shown with its learner", async () => {
  await school.ask("PUT", "/v1/users/anna", { email: "anna@acme.com" });
  expect((await page("POST", "/suppressions", { address: "Anna@acme.com" })).status).toBe(303);
  expect((await page("GET", "/suppressions")).text).toContain("by hand: no mail");
  expect((await page("GET", "/learners/anna")).text).toContain("by hand: no mail");
  const [{ id }] = (await school.ask("GET", "/v1/suppressions")).body.data;
  expect((await page("POST", `/suppressions/${id}/lift`, {})).status).toBe(303);
  expect((await page("GET", "/learners/anna")).text).not.toContain("by hand: no mail");
});
