import { expect, test } from "vitest";
import { signedIn } from "../test-signed-in";

/** The forms of a page that lead to a path, each with whether it stands behind a question. */
const formsTo = (html: string, path: RegExp): boolean[] => {
  const found: boolean[] = [];
  let isAsked = false;
  for (const [tag, action = ""] of html.matchAll(/<details class="ask">|<\/details>|<form[^>]*action="([^"]*)"/g)) {
    if (tag.startsWith("<details")) isAsked = true;
    else if (tag === "</details>") isAsked = false;
    else if (path.test(action)) found.push(isAsked);
  }
  return found;
};

test("what nothing brings back is asked first, with what follows: keys, collaborators, connectors, ways in, names, runs", async () => {
  const { ask, get } = await signedIn("owner");
  await ask("PUT", "/v1/products/course/js-101", { name: "JavaScript 101" });
  await ask("POST", "/v1/courses/js-101/enrolment-methods", { key: "open sesame" });
  await ask("PATCH", "/v1/school", {
    settings: { connectors: { email: { type: "resend", api_key: "re_1", from: "a@acme.com" } } },
  });
  await ask("POST", "/v1/automations", {
    name: "Waits",
    synchronous: true,
    when: [{ type: "user.signed_up" }],
    then: [{ type: "wait", for: "P1D" }],
  });
  const { body } = await ask("POST", "/v1/events", { type: "user.signed_up", user: { id: "anna" }, data: {} });
  for (const [page, path] of [
    ["/settings/keys", /\/delete$/],
    ["/settings/collaborators", /\/remove$/],
    ["/settings/connectors/email", /\/remove$/],
    ["/courses/js-101", /\/delete$/],
    ["/products/course/js-101", /\/delete$/],
    [`/runs/${body.runs[0].id}`, /\/cancel$/],
    ["/learners/anna/act", /\/end$/],
  ] as const) {
    const forms = formsTo((await get(page)).text, path);
    expect(forms.length, page).toBeGreaterThan(0);
    expect(forms, page).not.toContain(false);
  }
});
