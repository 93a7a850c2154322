import type { Context } from "hono";
import type { Child, FC } from "hono/jsx";
import { type OwnDelivery, type OwnMessage, ownDeliveries, ownPlanned } from "../../automations/own-messages";
import type { Env } from "../../base/env";
import { Problem } from "../../base/errors/errors";
import { userObject } from "../../calls/reaching/stub";
import { type PageLink, PREFERENCES, PREFERENCES_MS, readPreferencesToken } from "../../connectors/links";
import { dateIn, inWords, later, say } from "../../language/say";
import { speakingWith } from "../../language/speaking";
import { type Choices, changeChoices, readChoices } from "../../users/choices";
import { signingKeysEver } from "../../world/secrets/secret-keys";
import { loadSchool, nowOf, type School } from "../../world/snapshot";
import type { App } from "../app";
import { readBytes } from "../reading/body";
import { learnerPage } from "./page";

/*
 * The learner's page: a signed link in messages opens it without a sign-in. It shows subjects and times, what they came
 * of, and what the learner has chosen; never contents or addresses.
 */

const SENT = 30;
const FORM_BYTES = 16 * 1024;

const CHANNELS = {
  email: later("Mail"),
  push: later("Notification"),
  message: later("Message"),
};

const isKnown = (channel: string): channel is keyof typeof CHANNELS => Object.hasOwn(CHANNELS, channel);
const channelText = (channel: string): string => say(isKnown(channel) ? CHANNELS[channel] : "Message");
const named = ({ channel, subject }: OwnMessage): string => subject ?? channelText(channel);

/** What is told of a message that was sent, or was not, apart from what it is called. */
function howSent({ channel, at, why }: OwnDelivery, when: (at: string) => string): string {
  return [
    ...(isKnown(channel) ? [channelText(channel)] : []),
    when(at),
    ...(why ? [say("reason: {why}", { why: inWords(why) })] : []),
  ].join(" · ");
}

const Tick: FC<{ name: string; value: string; checked: boolean; children?: Child }> = ({ children, ...input }) => (
  <label>
    <input type="checkbox" {...input} />
    <span>{children}</span>
  </label>
);

const Messages: FC<{ of: readonly OwnDelivery[]; when: (at: string) => string }> = ({ of, when }) => (
  <ul>
    {of.map((one) => (
      <li>
        {named(one)}
        <small>{howSent(one, when)}</small>
      </li>
    ))}
  </ul>
);

interface Shown {
  school: School;
  zone: string;
  choices: Choices;
  planned: readonly OwnMessage[];
  sent: readonly OwnDelivery[];
  notSent: readonly OwnDelivery[];
  saved: boolean;
}

const Page: FC<Shown> = ({ school, zone, choices, planned, sent, notSent, saved }) => {
  const when = (at: string): string =>
    dateIn(Date.parse(at), { dateStyle: "medium", timeStyle: "short", timeZone: zone });
  return (
    <>
      <h1>{say("Your mail from {school}", { school: school.name })}</h1>
      {saved ? <p role="status">{say("Saved.")}</p> : null}
      <h2>{say("What you want")}</h2>
      <form method="post">
        <Tick name="marketing" value="yes" checked={choices.marketing_consent}>
          {say("News and offers")}
        </Tick>
        {choices.topics.map(({ id, name, on }) => (
          <Tick name="topic" value={id} checked={on}>
            {name}
          </Tick>
        ))}
        <button type="submit">{say("Save")}</button>
      </form>
      <h2>{say("What is planned")}</h2>
      {planned.length === 0 ? (
        <p>{say("Nothing is on its way to you.")}</p>
      ) : (
        <ul>
          {planned.map((one) => (
            <li>
              {named(one)}
              <small>{say("{kind}, about {time}", { kind: channelText(one.channel), time: when(one.at) })}</small>
            </li>
          ))}
        </ul>
      )}
      <h2>{say("What was sent")}</h2>
      {sent.length === 0 ? <p>{say("Nothing so far.")}</p> : <Messages of={sent} when={when} />}
      {notSent.length === 0 ? null : (
        <>
          <h2>{say("What was not sent")}</h2>
          <Messages of={notSent} when={when} />
        </>
      )}
      <p>
        <small>{say("Times are in the zone {zone}.", { zone: zone.replaceAll("_", " ") })}</small>
      </p>
    </>
  );
};

const Over: FC = () => (
  <>
    <h1>{say("This link has expired")}</h1>
    <p>{say("Links like this one work for 30 days. The latest mail you received has a newer one.")}</p>
  </>
);

interface Opened {
  school: School;
  user: string;
  locale: string | null;
}

/** What a token says that is ours, by whichever of the Worker's secrets it was signed. */
async function linkIn(env: Env, token: string): Promise<PageLink | null> {
  for await (const key of signingKeysEver(env, PREFERENCES)) {
    const link = await readPreferencesToken(key, token);
    if (link) return link;
  }
  return null;
}

/** Whose page a link opens; null: it is none of ours, too old, or of a school or a user that is gone. */
async function opened(env: Env, token: string): Promise<Opened | null> {
  const link = await linkIn(env, token);
  const school = link && (await loadSchool(env, link.school));
  if (!link || !school || school.epoch !== link.epoch || school.suspended) return null;
  if (nowOf(school) - link.madeAt > PREFERENCES_MS) return null;
  try {
    // Somebody of the same id who came to be known after it was made is somebody else,
    const [{ knownAt, locale }, own] = await Promise.all([
      readChoices(env, school, link.user),
      userObject(env, school, link.user).addresses(),
    ]);
    // and so is, where the clock of a test school stood, whose data began at another moment.
    const isAnother = link.born !== undefined && own !== null && own.born !== link.born;
    return knownAt <= link.madeAt && !isAnother ? { school, user: link.user, locale } : null;
  } catch (error) {
    if (error instanceof Problem && error.kind === "not_found") return null;
    throw error;
  }
}

async function save(env: Env, { school, user }: Opened, request: Request): Promise<void> {
  const form = new URLSearchParams(new TextDecoder().decode(await readBytes(request, FORM_BYTES)));
  const wanted = new Set(form.getAll("topic"));
  const topics = Object.fromEntries((school.settings.mail?.topics ?? []).map(({ id }) => [id, wanted.has(id)]));
  await changeChoices(env, school, user, { marketing_consent: form.get("marketing") === "yes", topics });
}

async function shownOf(env: Env, { school, user }: Opened, saved: boolean): Promise<Shown> {
  const [{ choices, timezone }, planned, last] = await Promise.all([
    readChoices(env, school, user),
    ownPlanned(env, school, user),
    ownDeliveries(env, school, user, { limit: SENT, order: "desc" }),
  ]);
  return {
    ...{ school, choices, planned, saved },
    zone: timezone ?? school.settings.timezone,
    // What still waits is told under what is planned.
    sent: last.data.filter(({ status }) => status === "sent"),
    notSent: last.data.filter(({ status }) => status === "not_sent"),
  };
}

const pageAnswer = (c: Context, shown: Shown | null): Response =>
  shown
    ? learnerPage(c, say("Your mail from {school}", { school: shown.school.name }), 200, <Page {...shown} />)
    : learnerPage(c, say("This link has expired"), 404, <Over />);

/** Serves `/preferences/<token>`. */
export function mountPreferences(app: App): void {
  app.on(["GET", "POST"], "/preferences/:token", async (c: Context) => {
    const page = await opened(c.env, c.req.param("token") ?? "");
    const acts = c.req.method === "POST";
    if (page && acts) await save(c.env, page, c.req.raw);
    const shown = page && (await shownOf(c.env, page, acts));
    return speakingWith(c, page?.locale ?? null, async () => pageAnswer(c, shown));
  });
}
