import { expect, test } from "@playwright/test";
import { SignJWT } from "jose";
import { base, call, newSchool } from "./school";
import { site } from "./site";

/** A page of an LMS: another origin, which loads the client and shows what it knows. */
const page = (token: string) => `<!doctype html><html lang="en"><title>Lesson</title>
<button id="submit">Submit</button><p>Tags: <output id="tags">none</output></p><p>State: <output id="state"></output></p>
<script type="module">
  import { connect } from "${base()}/client.js";
  const bell = connect({ url: "${base()}", token: "${token}" });
  const show = (id, text) => { document.getElementById(id).textContent = text; };
  bell.on("changed", (user) => show("tags", user.tags.join(", ") || "none"));
  document.getElementById("submit").addEventListener("click", async () => {
    show("state", "sending");
    const answer = await bell.event("form.submitted", { form: "quiz" });
    show("state", answer.duplicate ? "sent twice" : "sent");
  });
  show("state", "ready");
</script></html>`;

test("a page of the LMS sends events, sees the tag they give, and survives two minutes offline", async ({
  page: tab,
  context,
}) => {
  const school = await newSchool();
  const { secret } = await call<{ secret: string }>(school.key, "POST", "/v1/signing-secret");
  const token = await new SignJWT({ school: school.id })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject("anna")
    .setAudience("schoolbell")
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode(secret));
  await call(school.key, "POST", "/v1/automations", {
    name: "Levels",
    synchronous: true,
    when: [{ type: "form.submitted" }],
    then: [
      {
        type: "branch",
        if: { type: "tags.has_any", tags: ["level:1"] },
        yes: [{ type: "tags.add", tags: ["level:2", "secret"] }],
        no: [{ type: "tags.add", tags: ["level:1"] }],
      },
    ],
  });
  const lms = await site(() => page(token));
  await call(school.key, "PATCH", "/v1/school", {
    settings: { allowed_origins: [lms.origin], visible: { tags: ["^level:"] } },
  });
  await tab.clock.install();
  await tab.goto(lms.origin);
  await expect(tab.locator("#state")).toHaveText("ready");
  await tab.getByRole("button").click();
  await expect(tab.locator("#state")).toHaveText("sent");
  await expect(tab.locator("#tags")).toHaveText("level:1");

  let failed = 0;
  tab.on("requestfailed", () => failed++);
  await context.setOffline(true);
  await tab.getByRole("button").click();
  for (let second = 0; second < 120; second += 10) {
    await tab.clock.runFor(10_000);
    await expect(tab.locator("#state")).toHaveText("sending");
  }
  expect(failed).toBeGreaterThan(2);
  await context.setOffline(false);
  // By seconds: at one go the clock would pass the half minute that a call may take, while it is on its way.
  await expect
    .poll(async () => {
      await tab.clock.runFor(1_000);
      return tab.locator("#state").textContent();
    })
    .toBe("sent");
  // What the school does not show is not there.
  await expect(tab.locator("#tags")).toHaveText("level:1, level:2");
  const { data } = await call<{ data: { kind: string; type: string }[] }>(school.key, "GET", "/v1/users/anna/timeline");
  expect(data.filter(({ type }) => type === "form.submitted")).toHaveLength(2);
  lms.stop();
});
