import { expect, type Locator, type Page, test } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { expectLanguage, inLanguage, LANGUAGES, type Text, wordsIn } from "./languages";
import { call, newSchool, signIn, type TestSchool } from "./school";

/* The editor of a mail, as somebody who is no programmer writes one. */

const mail = (subject: string, body: string) => ({ type: "email.user", subject, body });

const automation = (key: string, ...then: unknown[]) =>
  call<{ id: string }>(key, "POST", "/v1/automations", {
    name: "Drip",
    active: false,
    when: [{ type: "user.signed_up" }],
    then,
  });

test("a variable that nobody declared is marked at its text, on the card, and told at save", async ({ page }) => {
  const school = await newSchool();
  await call(school.key, "POST", "/v1/profile-fields", { key: "team", name: "Team", type: "text" });
  const { id } = await automation(school.key, mail("Hi {{ user.fields.team }}", "<p>Hello</p>"));
  await signIn(page, school.email);
  await page.goto(`${school.home}/automations/${id}/edit`);
  const card = page.locator(".card", { hasText: "email them" });
  await expect(card.locator(".is-doubt")).toHaveCount(0);
  await card.click();
  await page.getByLabel("Subject", { exact: true }).fill("Hi {{ user.fields.taem }}");
  await expect(page.locator(".liquid-unknown")).toContainText("Nobody has declared {{ user.fields.taem }}");
  await expect(card.locator(".is-doubt")).toBeVisible();
  await page.getByRole("button", { name: /^Save/ }).first().click();
  await expect(page.getByText(/Version 2 is saved/)).toBeVisible();
  await expect(page.locator(".banner.is-warning")).toContainText("{{ user.fields.taem }}");
  await page.goto(`${school.home}/automations/${id}`);
  await expect(page.locator(".banner.is-warning", { hasText: "{{ user.fields.taem }}" })).toBeVisible();
});

test("a mail is seen at once as a learner gets it, narrow and wide, and a test of it is sent", async ({ page }) => {
  const school = await newSchool();
  await call(school.key, "PUT", "/v1/users/anna", { username: "Anna", email: "anna@acme.example" });
  await call(school.key, "PATCH", "/v1/school", { settings: { mail: { footer: "Acme, Main Street 1" } } });
  const { id } = await automation(school.key, mail("Hi {{ user.username }}", "First line\nsecond line\n\nNext"));
  await signIn(page, school.email);
  await page.goto(`${school.home}/automations/${id}/edit`);
  await page.locator(".card", { hasText: "email them" }).click();
  const preview = page.getByRole("region", { name: "Preview" });
  await expect(preview.locator(".letter-subject")).toHaveText("Hi Anna Example");
  await expect(preview.frameLocator("iframe").locator("p").first()).toHaveText("First line second line");
  await expect(preview.frameLocator("iframe").getByText("Acme, Main Street 1")).toBeVisible();
  await page.getByLabel("Preview for").fill("anna");
  await page.getByRole("option", { name: "Anna" }).click();
  await expect(preview.locator(".letter-subject")).toHaveText("Hi Anna");
  await page.getByRole("button", { name: "See it wide" }).click();
  await expect(page.getByRole("dialog").frameLocator("iframe").getByText("Next")).toBeVisible();
  await page.getByRole("button", { name: "Close" }).last().click();
  await page.getByRole("button", { name: "Send a test to me" }).click();
  await expect(preview.getByRole("status")).toContainText("Not sent: this school keeps its mail.");
});

test("a mail is seen beside its text where there is room, and below it where there is not", async ({ page }) => {
  const school = await newSchool();
  const { id } = await automation(school.key, mail("Hi", "Hello"));
  await signIn(page, school.email);
  for (const [width, isBeside] of [
    [1680, true],
    [1440, true],
    [1024, false],
    [360, false],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${school.home}/automations/${id}/edit`);
    await page.locator(".card", { hasText: "email them" }).click();
    const text = await page.getByRole("textbox", { name: "Body" }).boundingBox();
    const seen = await page.getByRole("region", { name: "Preview" }).boundingBox();
    if (!text || !seen) throw new Error("not drawn");
    expect(seen.x >= text.x + text.width, `beside at ${width}`).toBe(isBeside);
    expect(seen.y >= text.y + text.height, `below at ${width}`).toBe(!isBeside);
  }
});

for (const code of LANGUAGES)
  test(`a mail is written to one learner, seen as they get it, and found again on their pages: ${code}`, async ({
    page,
  }) => {
    test.setTimeout(240_000);
    const said = wordsIn(code);
    const school = await newSchool();
    await call(school.key, "PUT", "/v1/users/anna", { username: "Anna", email: "anna@acme.example" });
    await signIn(page, school.email);
    await inLanguage(page.context(), code);
    await page.goto(`${school.home}/learners/anna/act`);
    await page.getByRole("link", { name: said("Write a mail…") }).click();
    await expectLanguage(page, code);
    await page.getByLabel(said("Subject"), { exact: true }).fill("Hi {{ user.username }}");
    await page.keyboard.press("Enter");
    const body = page.getByRole("textbox", { name: said("Body") });
    await body.click();
    await page.keyboard.type("See you on Monday, {{ user.username }}.");
    const preview = page.getByRole("region", { name: said("Preview") });
    // The first look has the server evaluate all that renders a mail.
    await expect(preview.locator(".letter-subject")).toHaveText("Hi Anna", { timeout: 15_000 });
    await expect(preview.frameLocator("iframe").getByText("See you on Monday, Anna.")).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: said("Send to {name}").replace("{name}", "Anna") }).click();
    await expect(page.locator(".banner.is-good")).toContainText(
      said("Handed over. What becomes of the mail shows here within seconds."),
    );
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Hi Anna");
    await page.goto(`${school.home}/learners/anna/timeline`);
    await page.getByRole("link", { name: "Hi Anna" }).click();
    await expect(page.frameLocator("iframe").getByText("See you on Monday, Anna.")).toBeVisible();
    await expectAccessible(page);
  });

test("what is written to one learner before the page's script has come stands there, and the cursor with it", async ({
  page,
}) => {
  const school = await newSchool();
  await call(school.key, "PUT", "/v1/users/anna", { username: "Anna", email: "anna@acme.example" });
  await signIn(page, school.email);
  const typed = Promise.withResolvers<void>();
  await page.route(/\/write[^/]*\.js/, async (route) => {
    await typed.promise;
    await route.continue();
  });
  await page.goto(`${school.home}/learners/anna/write`, { waitUntil: "commit" });
  await page.locator("textarea[name=body]").fill("See you on Monday.");
  await page.getByLabel("Subject", { exact: true }).fill("Hi {{ user.username }}");
  typed.resolve();
  const preview = page.getByRole("region", { name: "Preview" });
  await expect(preview.locator(".letter-subject")).toHaveText("Hi Anna", { timeout: 15_000 });
  await expect(preview.frameLocator("iframe").getByText("See you on Monday.")).toBeVisible();
  await page.keyboard.type("!");
  await expect(preview.locator(".letter-subject")).toContainText("!");
});

/** Opens the mail of an automation; fails the test with what the browser complains of. */
async function openMail(page: Page, school: TestSchool, id: string): Promise<Locator> {
  page.on("console", (message) => {
    // Half a variable cannot be shown yet; of what is pasted the browser refuses to run or style anything.
    if (message.type() === "error" && !/status of 422|The action has been blocked/.test(message.text()))
      expect.soft(message.text(), "the browser's console").toBe("");
  });
  await page.goto(`${school.home}/automations/${id}/edit`);
  await page.locator(".card", { hasText: /email them|E-Mail/i }).click();
  return page.getByRole("textbox", { name: "Body" });
}

const save = async (page: Page): Promise<void> => {
  await page.keyboard.press("Control+s");
  await expect(page.getByText(/Version \d+ is saved/)).toBeVisible();
};

const bodyOf = async (school: TestSchool, id: string, step = 0): Promise<string> => {
  const { then } = await call<{ then: { body: string }[] }>(school.key, "GET", `/v1/automations/${id}`);
  return then[step]?.body ?? "";
};

test("a mail is written with the keyboard alone: bold, a list, a link, a button, a variable", async ({ page }) => {
  const school = await newSchool();
  await call(school.key, "POST", "/v1/profile-fields", { key: "team", name: "Team", type: "text" });
  const { id } = await automation(school.key, mail("Hello", "Dear reader,"));
  await signIn(page, school.email);
  const text = await openMail(page, school, id);
  const type = (what: string) => page.keyboard.type(what);
  await text.focus();
  // ProseMirror puts its own selection back 20 ms after it gets the focus; no hand is faster.
  await expect(async () => {
    await page.keyboard.press("Control+End");
    await page.evaluate("new Promise((done) => setTimeout(done, 100))");
    expect(await page.evaluate("getSelection().focusOffset")).toBe("Dear reader,".length);
  }).toPass();
  await page.keyboard.press("Enter");
  await type("this is ");
  await page.keyboard.press("Control+b");
  await type("bold");
  await page.keyboard.press("Control+b");
  await type(" for {{ user.fields.team }} and {{ user.nam }}.");
  await expect(page.locator(".mail-chip", { hasText: "Team" })).toBeVisible();
  await expect(page.locator(".mail-chip.is-unknown")).toContainText("user.nam");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+k");
  // Drawn in a moment, in which no hand types.
  await expect(page.locator(".mail-ask input").first()).toBeFocused();
  await page.keyboard.type("https://acme.com/start");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Start here");
  await page.keyboard.press("Enter");
  await expect(text).toBeFocused();
  await page.keyboard.press("Enter");
  await type("one");
  await page.getByRole("button", { name: "List", exact: true }).press("Enter");
  await page.keyboard.press("Enter");
  await type("two");
  await save(page);
  expect(await bodyOf(school, id)).toBe(
    [
      "<p>Dear reader,</p>",
      "<p>this is <strong>bold</strong> for {{ user.fields.team }} and {{ user.nam }}.</p>",
      '<p><a href="https://acme.com/start">Start here</a></p>',
      "<ul>\n<li>one</li>\n<li>two</li>\n</ul>",
    ].join("\n"),
  );
  // A button, and a variable from the list; a list ends at an empty item
  await expect(text).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Button", exact: true }).press("Enter");
  await expect(page.locator(".mail-ask input").first()).toBeFocused();
  await page.keyboard.type("acme");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Begin with https://, mailto: or a variable.")).toBeVisible();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("{{ school.url }}");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Go");
  await page.keyboard.press("Enter");
  await page.getByLabel("Insert a variable into the text").selectOption("user.username");
  await expect(text).toContainText("The user's name");
  await save(page);
  expect(await bodyOf(school, id)).toMatch(
    /<p><a href="\{\{ school\.url \}\}" style="[^"]+">Go<\/a>\{\{ user\.username \}\}<\/p>$/,
  );
});

const HELD_BYTE_FOR_BYTE = [
  "Plain text\r\n\r\nwith {{ user.username }}  and blanks ",
  "<P>Old <B>tags</B></P>\n\n<p>and blanks</p>",
  "<p style='color:teal'>A colour</p>",
  "<!doctype html><html><head><style>p { color: red }</style></head><body><table><tr><td>x</td></tr></table></body></html>",
  "{% if user.fields.team %}<p>Hi</p>{% else %}<ul><li>x</li></ul>{% endif %}",
];

test("what is opened and not changed is saved byte for byte, also through bold and back", async ({ page }) => {
  const school = await newSchool();
  const { id } = await automation(school.key, ...HELD_BYTE_FOR_BYTE.map((body, i) => mail(`Mail ${i}`, body)));
  await signIn(page, school.email);
  await openMail(page, school, id).catch(() => undefined);
  for (const [i] of HELD_BYTE_FOR_BYTE.entries()) {
    await page.locator(".card", { hasText: `Mail ${i}` }).click();
    const isHeld = i === 2 || i === 3;
    if (isHeld) {
      await expect(page.getByText("This mail holds HTML that the simple editor would change.")).toBeVisible();
      await page.getByLabel("Body", { exact: true }).focus();
    } else {
      const text = page.getByRole("textbox", { name: "Body" });
      await text.focus();
      await page.keyboard.press("Control+a");
      await page.getByRole("button", { name: "Bold" }).click();
      await page.keyboard.press("Control+z");
      await expect(page.getByRole("button", { name: "Bold" })).toHaveAttribute("aria-pressed", i === 1 ? /./ : "false");
    }
    await page.getByLabel("Subject", { exact: true }).fill(`Mail ${i}, seen`);
  }
  await save(page);
  for (const [i, body] of HELD_BYTE_FOR_BYTE.entries()) expect(await bodyOf(school, id, i)).toBe(body);
});

test("what is pasted keeps what a mail may hold, and nothing runs of it", async ({ page }) => {
  const school = await newSchool();
  const { id } = await automation(school.key, mail("Hello", ""));
  await signIn(page, school.email);
  const text = await openMail(page, school, id);
  await text.focus();
  await page.evaluate(`(() => {
    const data = new DataTransfer();
    data.setData("text/html", '<p style="color:red" onclick="x()">Hi <b style="font-weight:normal">y<span style="font-weight:700">ou</span></b> <a href="javascript:x()">bad</a> <a href="https://acme.com" target="_blank">good</a></p><script>window.ran = 1</script><img src=x onerror="window.ran = 2"><table><tr><td>{{ user.email }}</td></tr></table>');
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  })()`);
  await expect(text).toContainText("Hi you bad good");
  await save(page);
  expect(await bodyOf(school, id)).toBe(
    '<p>Hi y<strong>ou</strong> bad <a href="https://acme.com">good</a></p>\n<p>{{ user.email }}</p>',
  );
  expect(await page.evaluate("window.ran ?? null")).toBeNull();
});

test("HTML for who wants it, and back; a page without a mail open loads no editor", async ({ page }) => {
  const school = await newSchool();
  const { id } = await automation(school.key, mail("Hello", "<p>Hi</p>"));
  await signIn(page, school.email);
  const loaded: string[] = [];
  let bytes = 0;
  page.on("response", async (response) => {
    loaded.push(new URL(response.url()).pathname);
    bytes += (await response.body().catch(() => Buffer.from(""))).length;
  });
  await page.goto(`${school.home}/automations/${id}/edit`, { waitUntil: "networkidle" });
  expect(loaded).not.toContain("/admin/assets/mail.js");
  expect(bytes).toBeLessThan(300_000);
  await page.locator(".card", { hasText: "email them" }).click();
  await page.getByRole("button", { name: "Write it as HTML" }).click();
  await page.getByLabel("Body", { exact: true }).fill("<p>Hi <em>you</em></p>");
  await page.getByRole("button", { name: "Back to the simple editor" }).click();
  await expect(page.getByRole("textbox", { name: "Body" }).locator("em")).toHaveText("you");
  expect(loaded).toContain("/admin/assets/mail.js");
});

for (const code of LANGUAGES) {
  const said = wordsIn(code);
  test(`every state of it is accessible and fits, in every width and both themes: ${code}`, async ({ browser }) => {
    test.setTimeout(300_000);
    const school = await newSchool();
    const { id } = await automation(
      school.key,
      mail(
        "Hi {{ user.username }}",
        '<h2>Dear all</h2>\n<p>Dear {{ user.username }}, <a href="https://acme.com">go</a> {{ user.nam }}</p>',
      ),
    );
    const context = await browser.newContext();
    const page = await context.newPage();
    await signIn(page, school.email);
    await inLanguage(context, code);
    const look = async (): Promise<void> => {
      await expectLanguage(page, code);
      await expectAccessible(page);
    };
    const press = (name: Text): Promise<void> => page.getByRole("button", { name: said(name), exact: true }).click();
    await openMail(page, school, id);
    await expect(page.locator(".letter-subject")).toBeVisible();
    await press("See it wide");
    await expect(page.getByRole("dialog")).toBeVisible();
    await look();
    await page.keyboard.press("Escape");
    await look();
    await press("Link");
    await press("Link it");
    await look();
    await press("Cancel");
    await page.locator(".mail-chip").first().click();
    await expect(page.getByRole("button", { name: said("Change the variable") })).toBeVisible();
    await look();
    await press("Send a test to me");
    await expect(page.locator(".test-outcome")).toContainText(
      said("Not sent: this school keeps its mail. What would have left is shown above."),
    );
    await look();
    await press("Write it as HTML");
    await look();
    await context.close();
  });
}
