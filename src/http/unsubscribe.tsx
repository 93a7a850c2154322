import type { FC } from "hono/jsx";
import type { Env } from "../base/env";
import { notFound } from "../base/errors";
import { readUnsubscribeToken, UNSUBSCRIBE } from "../connectors";
import { language, say } from "../language/say";
import { speakingWith } from "../language/speaking";
import { changeUser, readOwn } from "../users/change";
import { signingKeysEver } from "../world/secret-keys";
import { loadSchool } from "../world/snapshot";
import type { App } from "./app";

/** The link is their own: whoever opens it speaks for the learner. */
const BY_LEARNER = { by: "learner", id: null } as const;

/*
 * The links of marketing mails (RFC 8058): POST acts, from a mail client or the page's own button; GET only shows.
 */

const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

const Page: FC<{ school: string; done: boolean }> = ({ school, done }) => (
  <html lang={language().code}>
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <title>{done ? say("Unsubscribed") : say("Unsubscribe")}</title>
    </head>
    <body>
      <main>
        {done ? (
          <h1>{say("{school} sends you no more marketing mail.", { school })}</h1>
        ) : (
          <>
            <h1>{say("Marketing mail from {school}", { school })}</h1>
            <form method="post">
              <button type="submit">{say("Unsubscribe")}</button>
            </form>
          </>
        )}
      </main>
    </body>
  </html>
);

/** Whom a link is for: mail is kept for years, so one holds on after the secret that signed it. */
async function unsubscriberOf(env: Env, token: string) {
  for await (const key of signingKeysEver(env, UNSUBSCRIBE)) {
    const whom = await readUnsubscribeToken(key, token);
    if (whom) return whom;
  }
  return null;
}

/** Serves `/unsubscribe/<token>`. A token that is not ours, or of somebody gone, is a 404. */
export function mountUnsubscribe(app: App): void {
  app.on(["GET", "POST"], "/unsubscribe/:token", async (c) => {
    const whom = await unsubscriberOf(c.env, c.req.param("token"));
    const school = whom && (await loadSchool(c.env, whom.school));
    if (!whom || school?.epoch !== whom.epoch) throw notFound("link");
    const user = await readOwn(c.env, school, whom.user);
    const acts = c.req.method === "POST";
    if (acts && user.marketing_consent)
      await changeUser(c.env, school, whom.user, { marketing_consent: false }, BY_LEARNER);
    const done = acts || !user.marketing_consent;
    return speakingWith(c, user.locale, async () =>
      c.body(`<!doctype html>${<Page school={school.name} done={done} />}`, 200, HEADERS),
    );
  });
}
