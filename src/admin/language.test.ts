import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../http/app";
import { routes } from "../http/routes";
import { call, env, newSchool } from "../http/test-client";
import { languagesOf } from "../schools/sign-in/readers";
import { makeLink, startSession } from "../schools/sign-in/sessions";
import { addressIn, outside } from "./address";
import { mountAdmin } from "./app";

const app = createApp(routes);
mountAdmin(app, routes);

const ORIGIN = "https://schoolbell.test";
const GERMAN = { "accept-language": "de-AT,de;q=0.9,en;q=0.8" };

const OWNER = "owner@school.com";

let session: string;
let home: string;
beforeAll(async () => {
  const { id } = await newSchool(app, { collaborators: [{ email: OWNER, role: "owner" }] });
  session = `__Host-schoolbell=${await startSession(env, OWNER)}`;
  home = addressIn(id, "/settings");
});

async function page(headers: Readonly<Record<string, string>> = {}, cookies = "") {
  const cookie = cookies === "" ? session : `${session}; ${cookies}`;
  const { status, text } = await call(app, "GET", home, undefined, { headers: { cookie, ...headers } });
  expect(status).toBe(200);
  return {
    lang: /<html lang="(\w+)"/.exec(text)?.[1],
    here: /<a [^>]*aria-current="page"[^>]*>([^<]*)/.exec(text)?.[1],
  };
}

const IN_GERMAN = { lang: "de", here: "Einstellungen" };
const IN_ENGLISH = { lang: "en", here: "Settings" };

describe("a page is in", () => {
  test("English where the browser asks for nothing, or for what there is not", async () => {
    expect(await page()).toEqual(IN_ENGLISH);
    expect(await page({ "accept-language": "fr,de;q=0.5" })).toEqual(IN_ENGLISH);
  });

  test("German where the browser asks for it", async () => {
    expect(await page(GERMAN)).toEqual(IN_GERMAN);
  });

  test("the language that was chosen, whatever the browser asks for", async () => {
    expect(await page(GERMAN, "schoolbell-language=en")).toEqual(IN_ENGLISH);
    expect(await page({}, "schoolbell-language=de")).toEqual(IN_GERMAN);
  });

  test("its own reader's language, while others read", async () => {
    const all = await Promise.all(Array.from({ length: 8 }, (_, n) => page(n % 2 === 0 ? GERMAN : {})));
    expect(all).toEqual(all.map((_, n) => (n % 2 === 0 ? IN_GERMAN : IN_ENGLISH)));
  });

  test("the reader's language where it refuses, and where nobody is signed in", async () => {
    const refused = await call(app, "GET", `${home}/nothing`, undefined, { headers: { cookie: session, ...GERMAN } });
    expect(refused.status).toBe(404);
    expect(refused.text).toContain("Eine solche Seite gibt es nicht.");
    const nobody = await call(app, "GET", home, undefined, { headers: GERMAN });
    expect(nobody.status).toBe(401);
    expect(nobody.text).toContain("Ihre E-Mail-Adresse");
  });
});

describe("a choice", () => {
  const choose = (language: string) =>
    call(app, "POST", outside("/language"), new URLSearchParams({ language }).toString(), {
      headers: {
        ...{ cookie: session, origin: ORIGIN, referer: `${ORIGIN}${home}?x=1` },
        "content-type": "application/x-www-form-urlencoded",
      },
    });

  test("is kept, and leads back to the page", async () => {
    const { status, headers } = await choose("de");
    expect([status, headers.get("location")]).toEqual([303, `${home}?x=1`]);
    const kept = headers.get("set-cookie") ?? "";
    expect(kept).toMatch(/^schoolbell-language=de;.*HttpOnly/);
    expect(await page({}, kept.split(";")[0])).toEqual(IN_GERMAN);
  });

  test("is known of whoever is signed in, and of who signs in, for what is mailed to them", async () => {
    const known = async (email: string) => (await languagesOf(env, [email]))[0];
    await choose("de");
    expect(await known(OWNER)).toBe("de");
    await choose("en");
    expect(await known(OWNER.toUpperCase())).toBe("en");
    const email = "reader@school.com";
    expect(await known(email)).toBeNull();
    const link = outside(`/sign-in/${await makeLink(env, email)}`);
    await call(app, "POST", link, "", {
      headers: { origin: ORIGIN, "content-type": "application/x-www-form-urlencoded", ...GERMAN },
    });
    expect(await known(email)).toBe("de");
  });

  test("of what there is not is English", async () => {
    expect((await choose("xx")).headers.get("set-cookie")).toMatch(/^schoolbell-language=en;/);
  });
});
