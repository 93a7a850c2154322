import { expect, test } from "vitest";
import { env } from "../../http/test-client";
import { platformMail } from "./platform";

const withMail = (text: string) => platformMail({ ...env, PLATFORM_EMAIL: text });

test("PLATFORM_EMAIL is read as a school's mail connector is", () => {
  const settings = { type: "postmark", server_token: "pm", from: "sign-in@acme.com" };
  expect(withMail(JSON.stringify(settings))).toMatchObject({ email: settings });
});

test.each([
  ["no JSON", "hush"],
  ["a name alone that sends nothing", '"capture"'],
  ["nothing", "null"],
  ["an unknown vendor", '{"type": "pigeon", "from": "a@acme.com"}'],
  ["an option too many", '{"type": "cloudflare", "from": "a@acme.com", "hush": "hush"}'],
  ["an option too few", '{"type": "postmark", "server_token": "hush"}'],
])("a PLATFORM_EMAIL that is %s is refused by name", (_, text) => {
  expect(() => withMail(text)).toThrow(/^PLATFORM_EMAIL is not as it must be/);
});

test("what refuses a PLATFORM_EMAIL repeats no secret of it", () => {
  for (const text of [
    "hush",
    '{"type": "postmark", "server_token": "hush", "from": "hush"}',
    '{"type": "cloudflare", "from": "a@acme.com", "hush": "hush"}',
  ]) {
    expect(() => withMail(text)).toThrow(/^(?!.*hush)/);
  }
});
