import type { FC } from "hono/jsx";
import type { Env } from "../../base/env";
import { Problem } from "../../base/errors/errors";
import { readUnsubscribeToken, UNSUBSCRIBE } from "../../connectors";
import { say } from "../../language/say";
import { speakingWith } from "../../language/speaking";
import { changeUser, readOwn } from "../../users/change";
import { signingKeysEver } from "../../world/secrets/secret-keys";
import { loadSchool } from "../../world/snapshot";
import type { App } from "../app";
import { learnerPage } from "./page";

/** The link is their own: whoever opens it speaks for the learner. */
const BY_LEARNER = { by: "learner", id: null } as const;

/*
 * The links of marketing mails (RFC 8058): POST acts, from a mail client or the page's own button; GET only shows.
 */

const Page: FC<{ school: string; done: boolean }> = ({ school, done }) =>
  done ? (
    <h1>{say("{school} sends you no more marketing mail.", { school })}</h1>
  ) : (
    <>
      <h1>{say("Marketing mail from {school}", { school })}</h1>
      <form method="post">
        <button type="submit">{say("Unsubscribe")}</button>
      </form>
    </>
  );

const Nobodys: FC = () => (
  <>
    <h1>{say("This link does not work")}</h1>
    <p>{say("Nothing was changed. Use the link at the end of the latest mail you received.")}</p>
  </>
);

/** Whom a link is for: mail is kept for years, so one holds on after the secret that signed it. */
async function unsubscriberOf(env: Env, token: string) {
  for await (const key of signingKeysEver(env, UNSUBSCRIBE)) {
    const whom = await readUnsubscribeToken(key, token);
    if (whom) return whom;
  }
  return null;
}

/** The school and the learner of a link; null: it is not ours, or of somebody gone. */
async function opened(env: Env, token: string) {
  const whom = await unsubscriberOf(env, token);
  const school = whom && (await loadSchool(env, whom.school));
  if (!whom || school?.epoch !== whom.epoch) return null;
  try {
    return { school, id: whom.user, user: await readOwn(env, school, whom.user) };
  } catch (error) {
    if (error instanceof Problem && error.kind === "not_found") return null;
    throw error;
  }
}

/** Serves `/unsubscribe/<token>`. */
export function mountUnsubscribe(app: App): void {
  app.on(["GET", "POST"], "/unsubscribe/:token", async (c) => {
    const link = await opened(c.env, c.req.param("token"));
    if (!link)
      return speakingWith(c, null, async () => learnerPage(c, say("This link does not work"), 404, <Nobodys />));
    const { school, id, user } = link;
    const acts = c.req.method === "POST";
    if (acts && user.marketing_consent) await changeUser(c.env, school, id, { marketing_consent: false }, BY_LEARNER);
    const done = acts || !user.marketing_consent;
    return speakingWith(c, user.locale, async () =>
      learnerPage(c, done ? say("Unsubscribed") : say("Unsubscribe"), 200, <Page school={school.name} done={done} />),
    );
  });
}
