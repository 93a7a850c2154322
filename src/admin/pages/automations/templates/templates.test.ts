import { expect, test } from "vitest";
import { signedIn } from "../../../test-signed-in";

test("the courses of a template are picked by their names, one or several", async () => {
  const { ask, get, post } = await signedIn("editor");
  await ask("PUT", "/v1/products/course/js-101", { name: "JavaScript 101" });
  const { text } = await get("/templates/onboarding-drip");
  expect(text).toMatch(/<input id="f-courses" name="courses" list="f-courses-known"/);
  expect(text).toContain('<option value="JavaScript 101">');
  expect(text).not.toContain('<textarea id="f-courses"');
  // Its mails are written as text.
  expect(text).toMatch(/<textarea id="f-welcome_body"[^>]*>Good to have you in \{\{ course\.name \}\}\.</);
  expect(text).not.toContain("&lt;p&gt;");
  const made = await post("/templates/onboarding-drip", { name: "Drip" }, [
    ["courses", "JavaScript 101"],
    ["courses", "css-101"],
    ["courses", ""],
  ]);
  const { body } = await ask(
    "GET",
    `/v1/automations/${/automations\/([^?]+)/.exec(made.headers.get("location") ?? "")?.[1]}`,
  );
  expect(body.when).toMatchObject([{ courses: ["js-101", "css-101"] }]);
});
