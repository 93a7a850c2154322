import { describe, expect, test } from "vitest";
import { createApp } from "../http/app";
import { routes } from "../http/routes";
import { call, env, newSchool, PLATFORM } from "../http/test-client";
import { startSession } from "../schools/sign-in/sessions";
import { addressIn } from "./address";
import { mountAdmin } from "./app";
import { FORM_OF } from "./components/forms/form";
import { OPERATOR } from "./door/session";
import { pagesOfSchools } from "./pages";

const app = createApp(routes);
mountAdmin(app, routes);

const newEmail = () => `mia-${crypto.randomUUID()}@both.example`;

async function ownedBy(email: string, name: string) {
  const school = await newSchool(app, { collaborators: [{ email, role: "owner" }] });
  await call(app, "PATCH", `/v1/schools/${school.id}`, { name }, { token: PLATFORM });
  return { ...school, name, at: (path: string) => addressIn(school.id, path) };
}

/** Somebody's browser, signed in. */
async function browserOf(email: string) {
  const headers = {
    cookie: `__Host-schoolbell=${await startSession(env, email)}`,
    origin: "https://schoolbell.test",
    "content-type": "application/x-www-form-urlencoded",
  };
  const ask = (method: string, path: string, fields?: Record<string, string>) =>
    call(app, method, path, fields && new URLSearchParams(fields).toString(), { headers });
  return {
    get: (path: string) => ask("GET", path),
    post: (path: string, fields: Record<string, string> = {}) => ask("POST", path, fields),
    /** Where a page leads instead of being shown. */
    leads: async (path: string) => (await ask("GET", path)).headers.get("location"),
  };
}

async function ownerOfTwo() {
  const email = newEmail();
  const [demo, acme] = [await ownedBy(email, "Demo School"), await ownedBy(email, "Acme Academy")];
  return { demo, acme, browser: await browserOf(email) };
}

describe("a form", () => {
  test("of one school that is sent to another's address is refused with both names, on every page", async () => {
    const { demo, acme, browser } = await ownerOfTwo();
    await call(app, "POST", "/v1/segments", { id: "x1", name: "Sales" }, { token: acme.key });
    const held = async () => (await call(app, "GET", "/v1/export", undefined, { token: acme.key })).text;
    const before = await held();
    const taken: string[] = [];
    for (const { method, path } of pagesOfSchools.flatMap(({ declared }) => declared)) {
      if (method !== "POST") continue;
      const fields = { [FORM_OF]: demo.id, name: "Mine", definition: "{}", managed: "true" };
      const { status, text } = await browser.post(acme.at(path.replaceAll(/:[^/]+/g, "x1")), fields);
      const said = "This form is of Demo School, the page is of Acme Academy. Nothing was changed.";
      if (status !== 409 || !text.includes(said)) taken.push(`${path}: ${status}`);
    }
    expect(taken).toEqual([]);
    expect(await held()).toBe(before);
  });

  test("of a school that one is nobody in is refused without its name, as one of no school at all is", async () => {
    const { acme, browser } = await ownerOfTwo();
    const secret = await ownedBy(newEmail(), "Secret School");
    const [theirs, nobodys] = await Promise.all(
      [secret.id, "sch_none"].map((id) => browser.post(acme.at("/segments"), { [FORM_OF]: id, name: "Mine" })),
    );
    expect(theirs?.status).toBe(409);
    expect(theirs?.text).toContain("This form is of another school, the page is of Acme Academy.");
    expect(theirs?.text).not.toContain("Secret");
    expect(theirs?.text).toBe(nobodys?.text);
  });

  test("that says of no school is refused; one of the page's own is taken", async () => {
    const { acme, browser } = await ownerOfTwo();
    const { status, text } = await browser.post(acme.at("/segments"), { name: "Mine" });
    expect(status).toBe(409);
    expect(text).toContain("does not say which school it is for");
    expect((await browser.post(acme.at("/segments"), { name: "Mine", [FORM_OF]: acme.id })).status).toBe(303);
  });
});

test("one session is in two schools at once, and as much in each as the school says", async () => {
  const email = newEmail();
  const demo = await ownedBy(email, "Demo School");
  const acme = await newSchool(app, { collaborators: [{ email, role: "viewer" }] });
  const browser = await browserOf(email);
  const settings = async (school: string) => {
    const { text } = await browser.get(addressIn(school, "/settings/collaborators"));
    return text.includes("Add somebody");
  };
  expect([await settings(demo.id), await settings(acme.id), await settings(demo.id)]).toEqual([true, false, true]);
  expect((await browser.get(addressIn(acme.id, "/settings/audit"))).status).toBe(403);
  expect((await browser.get(demo.at("/settings/audit"))).status).toBe(200);
});

test("the school's name in the head leads to the others, and each of these to its home", async () => {
  const { demo, acme, browser } = await ownerOfTwo();
  expect((await browser.get(demo.at("/segments"))).text).toContain('href="/admin/schools"');
  const { text } = await browser.get("/admin/schools");
  for (const { id, at } of [demo, acme]) {
    expect(text).toContain(`href="${at("")}"`);
    expect(await browser.leads(at(""))).toBe(at("/health"));
    expect(await browser.leads(`/admin/s/${id}/`)).toBe(at(""));
  }
});

describe("an address of before schools stood in it", () => {
  const PATHS = [
    "/automations?q=welcome&active=true",
    "/runs/run_1",
    "/learners/anna%2Fb/why",
    "/executions.csv?step=a",
  ];

  test("leads to the same page of the only school", async () => {
    const email = newEmail();
    const only = await ownedBy(email, "Only");
    const browser = await browserOf(email);
    for (const path of ["", ...PATHS]) expect(await browser.leads(`/admin${path}`)).toBe(only.at(path));
  });

  test("leads to a choice where there are several, and from there on", async () => {
    const { demo, acme, browser } = await ownerOfTwo();
    for (const path of PATHS) {
      const choice = await browser.leads(`/admin${path}`);
      expect(choice).toMatch(/^\/admin\/schools\?next=/);
      const { text } = await browser.get(choice ?? "");
      for (const { at } of [demo, acme]) expect(text).toContain(`href="${at(path).replaceAll("&", "&amp;")}"`);
    }
  });

  test("leads the operator to all schools, and from there on", async () => {
    const school = await ownedBy(newEmail(), "Any");
    const operator = await browserOf(OPERATOR);
    const choice = await operator.leads("/admin/runs/run_1");
    const list = await operator.leads(choice ?? "");
    expect(list).toMatch(/^\/admin\/operator\?next=/);
    const found = await operator.get(`${list}&school=${school.id}`);
    expect(found.text).toContain(`href="${school.at("/runs/run_1")}"`);
    expect(found.text).toContain('name="next" value="/admin/runs/run_1"');
  });

  test("asks who it is first, and leads on after", async () => {
    const { status, text } = await call(app, "GET", "/admin/runs/run_1?x=1");
    expect(status).toBe(401);
    expect(text).toContain('name="next" value="/admin/runs/run_1?x=1"');
  });

  test("takes no form and no call: neither says of which school it is", async () => {
    const email = newEmail();
    await ownedBy(email, "Only");
    const browser = await browserOf(email);
    const form = await browser.post("/admin/segments", { name: "Mine" });
    expect(form.status).toBe(409);
    expect(form.text).toContain("does not say which school it is for");
    for (const ask of [browser.get, browser.post]) {
      const { status, text } = await ask("/admin/api/segments");
      expect(status).toBe(404);
      expect(text).toContain("Nothing was changed.");
    }
  });

  test("of no page there ever was is nowhere", async () => {
    const { browser } = await ownerOfTwo();
    for (const path of ["/admin/nowhere", "/admin//automations", "/admin/s", "/admin/S/acme/runs"])
      expect((await browser.get(path)).status).toBe(404);
  });
});
