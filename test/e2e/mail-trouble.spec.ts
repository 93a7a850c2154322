import type { AddressInfo } from "node:net";
import { expect, test } from "@playwright/test";
import { SMTPServer } from "smtp-server";
import { expectAccessible } from "./accessible";
import { expectLanguage, inLanguage, LANGUAGES, wordsIn } from "./languages";
import { call, newSchool, signIn } from "./school";

/* A school whose mail goes wrong, by a real server that refuses, as somebody who is no programmer finds out. */

/** A mail server on loopback that has no room for "full@…" and knows no "gone@…". */
async function mailServer() {
  const server = new SMTPServer({
    onAuth: (_login, _session, done) => done(null, { user: "u" }),
    disabledCommands: ["STARTTLS"],
    onRcptTo({ address }, _session, done) {
      const [refused] = [
        ["full", 452, "4.2.2 The mailbox is full"] as const,
        ["gone", 550, "5.1.1 No such user here"] as const,
      ].filter(([name]) => address.startsWith(name));
      done(refused ? Object.assign(new Error(refused[2]), { responseCode: refused[1] }) : null);
    },
    onData(stream, _session, done) {
      stream.resume();
      stream.on("end", () => done());
    },
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", () => listening()));
  // It listens on a port.
  const { port } = server.server.address() as AddressInfo;
  return { port, stop: () => new Promise<void>((stopped) => server.close(() => stopped())) };
}

for (const code of LANGUAGES)
  test(`mail that a server refuses is named on the home, the row, the list, the run and by why not: ${code}`, async ({
    page,
  }) => {
    test.setTimeout(240_000);
    const said = wordsIn(code);
    const server = await mailServer();
    const school = await newSchool({}, { mode: "live" });
    const ask = <T>(method: string, path: string, body?: unknown) => call<T>(school.key, method, path, body);
    const email = { type: "smtp", host: "127.0.0.1", port: server.port, tls: "none", from: "hi@acme.example" };
    await ask("PATCH", "/v1/school", { settings: { connectors: { email: { ...email, user: "u", pass: "p" } } } });
    const { id } = await ask<{ id: string }>("POST", "/v1/automations", {
      name: "Letters",
      when: [{ type: "tag.added", tags: ["new"] }],
      then: [{ type: "email.user", subject: "Hello", body: "Hello" }],
    });
    await ask("POST", "/v1/suppressions", { address: "hand@acme.example" });
    for (const user of ["full", "gone", "hand"])
      await ask("POST", "/v1/events", {
        ...{
          type: "tag.added",
          user: { id: user, username: user, email: `${user}@acme.example` },
          data: { tag: "new" },
        },
      });
    const states = async () => {
      type Row = { user_id: string; status: string; attempts: unknown[] };
      const { data } = await ask<{ data: Row[] }>("GET", "/v1/deliveries");
      return data.map((one) => `${one.user_id} ${one.status} ${one.attempts.length > 0}`).toSorted();
    };
    await expect
      .poll(states, { timeout: 60_000 })
      .toEqual(["full queued true", "gone failed true", "hand suppressed false"]);

    await signIn(page, school.email);
    await inLanguage(page.context(), code);
    const look = async (): Promise<void> => {
      await expectLanguage(page, code);
      await expectAccessible(page);
    };
    const one = (text: "{n} message failed since yesterday" | "{n} message is being tried again"): string =>
      said(text).replace("{n}", "1");
    await page.goto(`${school.home}/health`);
    await expect(page.getByText(said("All is well."))).toHaveCount(0);
    const named = page.locator(".panel-box", { hasText: "Letters" });
    await expect(named).toContainText(one("{n} message failed since yesterday"));
    await expect(named).toContainText(one("{n} message is being tried again"));
    await expect(page.locator(".top-mark:visible").first()).toContainText("2");
    await look();
    await named.getByRole("link", { name: said("What failed") }).click();
    await expect(page.getByText("No such user here")).toBeVisible();

    await page.goto(`${school.home}/automations`);
    await page.getByRole("link", { name: one("{n} message is being tried again") }).click();
    await expect(page.locator("td .badge", { hasText: said("retrying") })).toBeVisible();
    await page.getByRole("link", { name: "Hello" }).click();
    await expect(page.getByText("The mailbox is full").first()).toBeVisible();
    await look();
    // A page that is loaded anew too soon is one whose form never came in.
    const before = page.url();
    await page.getByRole("button", { name: said("Try now") }).click();
    await page.waitForURL((url) => url.href !== before);
    await expect.poll(() => page.reload().then(() => page.locator(".log > li").count())).toBeGreaterThan(1);

    await page.goto(`${school.home}/automations/${id}/why?user=hand`);
    const answer = page.locator(".why-answer");
    await expect(answer).toContainText(said("the address was put on the suppression list by hand"));
    await expect(answer).toContainText(said("Lift the address, if mail may go there again."));
    await look();
    await answer.getByRole("link").click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(said("Suppressed addresses"));
    await look();

    // Another server is not shown the password that is kept, and it is said where it is asked for.
    await page.goto(`${school.home}/settings/connectors/email`);
    await page.locator("#f-host").fill("mail.acme.example");
    await page
      .locator("form", { has: page.locator("#f-pass") })
      .getByRole("button")
      .first()
      .click();
    await expect(page.locator("#f-pass")).toHaveAttribute("aria-invalid", "true");
    await expect(page.locator("#f-host")).toHaveValue("mail.acme.example");
    await look();
    await server.stop();
  });
