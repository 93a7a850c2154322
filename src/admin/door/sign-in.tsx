import { Hono } from "hono";
import type { Child, FC } from "hono/jsx";
import { variablesOf } from "../../base/env";
import { addressKey, email as emailSchema } from "../../catalogue/account/email";
import { platformMail } from "../../connectors/mail/platform";
import { lookFor } from "../../http/access/strangers";
import { language, say, weave } from "../../language/say";
import { noteReader } from "../../schools/sign-in/readers";
import { endSession, makeLink, readLink, startSession, takeLink } from "../../schools/sign-in/sessions";
import { addressIn, outside, pathOfBefore } from "../address";
import { Banner } from "../components/bits";
import { TextField } from "../components/forms/form";
import { LanguageChoice } from "../components/frame/language-choice";
import { Document } from "../components/frame/layout";
import { type AdminEnv, type Ctx, formFieldsOf, seeOther, themeOf } from "../visit";
import { countAttempt } from "./attempts";
import { dropSession, internalPath, isLoopback, keepSession, sessionToken, signedIn } from "./guard";
import { OPERATOR, schoolsOf } from "./session";
import { mailLink } from "./sign-in-mail";

/** A page of somebody who is not in a school yet. */
export const Doorstep: FC<{ c: Ctx; title: string; children?: Child }> = ({ c, title, children }) => (
  <Document title={`${title} · Schoolbell`} theme={themeOf(c)}>
    <main id="main" class="doorstep">
      <p class="doorstep-name">{say("Schoolbell")}</p>
      <h1>{title}</h1>
      {children}
      <LanguageChoice />
    </main>
  </Document>
);

const isMailed = (c: Ctx): boolean => platformMail(c.env) !== null;

/** Whether links are shown to who asks: on a developer's own machine only, whatever LOCAL says elsewhere. */
const showsLinks = (c: Ctx): boolean => variablesOf(c.env).LOCAL && isLoopback(c.req.raw);

/** Said to everybody alike, so that it tells nothing of an address. */
const NoMail: FC<{ c: Ctx }> = ({ c }) => (
  <Banner tone="warning">
    {showsLinks(c)
      ? say(
          "Mail is not set up here (PLATFORM_EMAIL), so no link can be mailed. Local development: it is shown instead.",
        )
      : say("Mail is not set up here (PLATFORM_EMAIL), so no link can be mailed. Tell whoever runs this installation.")}
  </Banner>
);

/** The sign-in form; shown in place of any page, so that the way back needs no more than the address. */
export const SignInPage: FC<{ c: Ctx; next?: string | undefined; email?: string; fault?: string; said?: string }> = ({
  c,
  next,
  email = "",
  fault,
  said,
}) => (
  <Doorstep c={c} title={say("Sign in")}>
    {said ? <Banner tone="warning">{said}</Banner> : null}
    {isMailed(c) ? null : <NoMail c={c} />}
    <p>{say("We mail you a link that signs you in. There is no password.")}</p>
    <form method="post" action={outside("/sign-in")} class="form">
      {next ? <input type="hidden" name="next" value={next} /> : null}
      <TextField name="email" type="email" label={say("Your email address")} value={email} required fault={fault} />
      <button type="submit" class="button is-main">
        {say("Mail me a link")}
      </button>
    </form>
    <p class="hint">
      {say("You run this installation?")} <a href={outside("/operator")}>{say("Sign in with the platform token")}</a>
    </p>
  </Doorstep>
);

const SentPage: FC<{ c: Ctx; email: string; link: string | null }> = ({ c, email, link }) => (
  <Doorstep c={c} title={isMailed(c) ? say("View your mail") : say("No mail was sent")}>
    {isMailed(c) ? (
      <p>
        {weave("If {email} may sign in, a link is on its way there. It works once, within 15 minutes.", {
          email: <b>{email}</b>,
        })}
      </p>
    ) : (
      <NoMail c={c} />
    )}
    {link === null ? null : (
      <Banner>
        <span>{say("Local development: here is the link.")}</span>
        <a class="button is-main" href={link}>
          {say("Open the link")}
        </a>
      </Banner>
    )}
    <p class="hint">
      {weave(
        "Nothing came? Check the spam folder, or {ask}. Only addresses that an owner has added as collaborators get a link.",
        { ask: <a href={outside("/sign-in")}>{say("ask again")}</a> },
      )}
    </p>
  </Doorstep>
);

/** Signs somebody in. */
export async function signIn(c: Ctx, email: string): Promise<void> {
  const before = sessionToken(c.req.raw);
  if (before !== null) await endSession(c.env, before);
  keepSession(c, await startSession(c.env, email));
}

/** Signing in and out, and the way to one of several schools. */
export const signInPages = new Hono<AdminEnv>();

signInPages.get("/sign-in", (c) => c.html(<SignInPage c={c} next={c.req.query("next")} />));

signInPages.post("/sign-in", async (c) => {
  const fields = await formFieldsOf(c);
  const email = addressKey(fields.text("email"));
  const next = internalPath(fields.text("next"));
  if (!emailSchema.safeParse(email).success) {
    return c.html(<SignInPage c={c} next={next} email={email} fault={say("Write it like anna@school.com.")} />, 422);
  }
  await countAttempt(c.env, c.req.raw, email);
  // The link is made for anybody: what takes as long for strangers tells them nothing.
  const token = await makeLink(c.env, email);
  const path = outside(`/sign-in/${token}?next=${encodeURIComponent(next)}`);
  c.executionCtx.waitUntil(mailLink(c.env, email, variablesOf(c.env).PUBLIC_URL + path));
  const isShown = showsLinks(c) && (await schoolsOf(c.env, email)).length > 0;
  if (isShown) console.log(`Sign-in link: ${new URL(c.req.url).origin}${path}`);
  return c.html(<SentPage c={c} email={email} link={isShown ? path : null} />);
});

const Stale: FC<{ c: Ctx }> = ({ c }) => (
  <SignInPage c={c} said={say("This link is used up or older than 15 minutes. Ask for another.")} />
);

signInPages.get("/sign-in/:token", async (c) => {
  const token = c.req.param("token");
  const email = await lookFor(c.env, c.req.raw, token, () => readLink(c.env, token));
  if (email === null) return c.html(<Stale c={c} />, 410);
  return c.html(
    <Doorstep c={c} title={say("Sign in")}>
      <p>{weave("You are about to sign in as {email}.", { email: <b>{email}</b> })}</p>
      <form method="post" class="form">
        <input type="hidden" name="next" value={internalPath(c.req.query("next"))} />
        <button type="submit" class="button is-main">
          {say("Sign in")}
        </button>
      </form>
    </Doorstep>,
  );
});

signInPages.post("/sign-in/:token", async (c) => {
  await countAttempt(c.env, c.req.raw, null);
  const email = await takeLink(c.env, c.req.param("token"));
  if (email === null) return c.html(<Stale c={c} />, 410);
  await Promise.all([signIn(c, email), noteReader(c.env, email, language().code)]);
  return seeOther(c, internalPath((await formFieldsOf(c)).text("next")));
});

signInPages.post("/sign-out", async (c) => {
  const token = sessionToken(c.req.raw);
  if (token !== null) await endSession(c.env, token);
  dropSession(c);
  return seeOther(c, outside("/sign-in"));
});

signInPages.get("/schools", async (c) => {
  const session = await signedIn(c.env, c.req.raw);
  const next = internalPath(c.req.query("next"));
  if (!session) return c.html(<SignInPage c={c} next={next} />, 401);
  if (session.email === OPERATOR) return seeOther(c, outside("/operator"), { next });
  const schools = await schoolsOf(c.env, session.email);
  return c.html(
    <Doorstep c={c} title={schools.length ? say("Choose a school") : say("No school yet")}>
      {schools.length ? (
        <ul class="choices">
          {schools.map((school) => (
            <li>
              <a class="button is-wide" href={addressIn(school.id, pathOfBefore(next))}>
                {school.name}
              </a>
            </li>
          ))}
        </ul>
      ) : (
        <p>
          {weave(
            "No school lists {email} as owner, editor or viewer. Ask an owner to add you under Settings → Collaborators.",
            { email: <b>{session.email}</b> },
          )}
        </p>
      )}
      <form method="post" action={outside("/sign-out")}>
        <button type="submit" class="button">
          {say("Sign out")}
        </button>
      </form>
    </Doorstep>,
  );
});
