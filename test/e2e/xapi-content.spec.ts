import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { base, call, newSchool } from "./school";
import { site } from "./site";

/* Content of a course as it is published: a page of another origin, with TinCan.js and a school's key in it. */

const COURSE = "https://school.example/courses/js";
const tincan = readFileSync(fileURLToPath(import.meta.resolve("tincanjs/build/tincan-min.js")), "utf8");

/** Where the browser has only what Internet Explorer had: a POST without headers, and no status of the answer. */
const OLD_BROWSER = `
  delete window.XMLHttpRequest;
  window.XDomainRequest = class {
    open(method, url) { Object.assign(this, { method, url }); }
    async send(body) {
      const answer = await fetch(this.url, { method: this.method, body, headers: { "content-type": "text/plain" } }).catch(() => null);
      this.responseText = answer ? await answer.text() : "";
      this.contentType = "application/json";
      answer?.ok ? this.onload() : this.onerror();
    }
  };`;

const content = (key: string, before = "") => `<!doctype html><html lang="en"><title>Lesson</title>
<script>${before}</script><script>${tincan}</script>
<script>
  const lrs = () => new TinCan.LRS({ endpoint: "${base()}/xapi/", username: "${key}", password: "", allowFail: false });
  const agent = (name) => new TinCan.Agent({ account: { homePage: "https://school.example", name } });
  const activity = new TinCan.Activity({ id: "${COURSE}", definition: { type: "http://adlnet.gov/expapi/activities/course" } });
  const settled = (ask) => new Promise((done) => ask((error, result) => done({ error, result })));

  window.complete = async (name) => {
    const verb = { id: "http://adlnet.gov/expapi/verbs/completed" };
    const statement = new TinCan.Statement({ id: TinCan.Utils.getUUID(), actor: agent(name), verb, target: activity });
    return (await settled((callback) => lrs().saveStatement(statement, { callback }))).error;
  };
  window.keep = async (name, registration) => {
    const of = { agent: agent(name), activity, registration };
    const kept = await settled((callback) => lrs().saveState("resume", "page 7", { ...of, callback }));
    const read = await settled((callback) => lrs().retrieveState("resume", { ...of, callback }));
    return [kept.error, read.error, read.result];
  };
</script></html>`;

/** What the page's own functions do. */
const asked = (name: "complete" | "keep", ...given: string[]) => `${name}(...${JSON.stringify(given)})`;

for (const [browser, before] of [
  ["a browser", ""],
  ["a browser that sends no headers", OLD_BROWSER],
] as const)
  test(`content in ${browser} tells what a learner did, and goes on where nothing is kept for it`, async ({ page }) => {
    const school = await newSchool();
    const { key } = await call<{ key: string }>(school.key, "POST", "/v1/api-keys", {
      name: "Content",
      scopes: ["events"],
    });
    const published = await site(() => content(key, before));
    await call(school.key, "PATCH", "/v1/school", { settings: { allowed_origins: [published.origin] } });

    const forms: string[] = [];
    page.on("request", (request) => {
      if (request.url().includes("?method=")) forms.push(request.url());
    });
    await page.goto(published.origin);
    expect(await page.evaluate(asked("complete", "anna"))).toBeNull();
    const { courses } = await call<{ courses: Record<string, { percent: number }> }>(
      school.key,
      "GET",
      "/v1/users/anna",
    );
    expect(courses[COURSE]?.percent).toBe(100);

    // So long an address makes its client post a form instead.
    for (const registration of ["r1", "r".repeat(3_000)]) {
      const [kept, read, state] = await page.evaluate<unknown[]>(asked("keep", "anna", registration));
      // Without a status its client cannot tell what is not there from a refusal.
      expect([kept, read, before ? null : state]).toEqual([null, before ? 400 : null, null]);
    }
    expect(forms).toContain(`${base()}/xapi/activities/state?method=PUT`);
    published.stop();
  });
