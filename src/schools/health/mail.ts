import pMap from "p-map";
import { type Env, variablesOf } from "../../base/env";
import { log } from "../../base/reports/log";
import type { ActionMessage } from "../../calls/messages";
import { platformMail } from "../../connectors/mail/platform";
import { mailFromPlatform, type PlatformLetter } from "../../connectors/mail/platform-mail";
import { heard } from "../../language/heard";
import { many, say } from "../../language/say";
import { speakingIn } from "../../language/speaking";
import { loadSchool, type School } from "../../world/snapshot";
import { languagesOf } from "../sign-in/readers";
import { healthOf } from "./health";
import { AGAIN_MS, findUnwell } from "./unwell";

/*
 * The owners of a live school are mailed by the platform, never by the school's own connector: that may be what is broken.
 * Once a day while something is wrong, and at once when an automation has stopped itself.
 */

const DAY_MS = 86_400_000;
const AT_ONCE = 4;
const SENT_AT_ONCE = 100;

/** Begins the day's round, where there is a way to mail. */
export async function sendHealthRound(env: Env): Promise<void> {
  if (!platformMail(env)) return;
  const message: ActionMessage = { kind: "health", school: "", after: "" };
  await env.JOBS.send(message);
}

/** One page of schools that may be unwell: sends word of those that are unwell, and of the next page. */
export async function healthPage(env: Env, { after }: { after: string }): Promise<void> {
  const { ids, last } = await findUnwell(env, after);
  const messages = [
    ...(last === null ? [] : [{ kind: "health", school: "", after: last } satisfies ActionMessage]),
    ...ids.map((id): ActionMessage => ({ kind: "health_mail", school: id })),
  ];
  for (let from = 0; from < messages.length; from += SENT_AT_ONCE)
    await env.JOBS.sendBatch(messages.slice(from, from + SENT_AT_ONCE).map((body) => ({ body })));
}

/** By what the owners are told of this day, for whoever comes second to find. */
const CLAIM = `insert into health_mails (school, at) values (?1, ?2)
  on conflict (school) do update set at = excluded.at where at < ?2 - ${AGAIN_MS} returning at`;

/** Tells the owners what is wrong, once a day. */
export async function mailHealth(env: Env, id: string): Promise<void> {
  const school = await loadSchool(env, id);
  if (school?.mode !== "live" || school.suspended || !platformMail(env)) return;
  const { problems } = await healthOf(env, school);
  if (!problems.length) return;
  const now = Date.now();
  if (!(await env.DB.prepare(CLAIM).bind(id, now).first())) return;
  await mailOwners(env, school, {
    key: `health-${id}-${Math.floor(now / DAY_MS)}`,
    written: () => ({
      subject: many(problems.length, "{name}: something needs looking at", "{name}: {n} things need looking at", {
        name: school.name,
      }),
      paragraphs: [
        say("Something of {name} needs looking at:", { name: school.name }),
        ...problems.map(({ message }) => `– ${heard(message)}`),
        say("What it means, and how to put it right:"),
        pageOf(env, school, "/health"),
      ],
    }),
  });
}

/** Tells the owners of a live school at once that an automation has stopped itself. */
export async function mailStopped(env: Env, id: string, automation: string): Promise<void> {
  const school = await loadSchool(env, id);
  if (school?.mode !== "live" || school.suspended || !platformMail(env)) return;
  const row = await env.DB.prepare(
    "select name, revision from automations where school = ? and id = ? and stopped_by is not null and active = 0",
  )
    .bind(id, automation)
    .first<{ name: string; revision: number }>();
  // It was put right, or deleted, before anybody could be told.
  if (!row) return;
  await mailOwners(env, school, {
    key: `stopped-${id}-${automation}-${row.revision}`,
    written: () => ({
      subject: say("{school}: “{automation}” has stopped itself", { school: school.name, automation: row.name }),
      paragraphs: [
        say(
          "The automation “{automation}” of {school} has stopped itself: too many of its steps failed within an hour. Nothing starts it until somebody switches it on again.",
          { school: school.name, automation: row.name },
        ),
        say("Which steps failed, and why:"),
        pageOf(env, school, `/automations/${encodeURIComponent(automation)}`),
      ],
    }),
  });
}

interface Letter {
  key: string;
  /** What it says, in the language that is spoken then. */
  written(): Pick<PlatformLetter, "subject" | "paragraphs">;
}

/**
 * Each in the language in which they read the UI, the school's where they have not signed in yet. An owner who cannot be
 * mailed keeps no other from it, and is told the next day.
 */
async function mailOwners(env: Env, school: School, letter: Letter): Promise<void> {
  const owners = school.settings.collaborators.flatMap(({ role, email }) => (role === "owner" ? [email] : []));
  const languages = await languagesOf(env, owners);
  await pMap(
    owners.entries(),
    async ([n, to]) => {
      const said = await speakingIn(languages[n] ?? school.settings.locale, letter.written);
      const sent = await mailFromPlatform(env, { ...said, to, key: `${letter.key}-${n}` });
      if (sent && !sent.ok) log("error", "health.mail_failed", { school: school.id, error: new Error(sent.error) });
    },
    { concurrency: AT_ONCE },
  );
}

/** The address of a page of the UI, as `admin/address.ts` makes it; its room is above this one. */
export const pageOf = (env: Env, school: Pick<School, "id">, path: string): string =>
  `${variablesOf(env).PUBLIC_URL}/admin/s/${encodeURIComponent(school.id)}${path}`;
