import type { Env } from "../../base/env";
import { type Fault, invalid } from "../../base/errors/errors";
import { admitFor } from "../../calls/reaching/school-gate";
import { addressKey } from "../../catalogue/account/email";
import { StepError } from "../../catalogue/define";
import { type MailParams, mail } from "../../catalogue/messages/letter";
import { rendersFor } from "../../catalogue/messages/rendering";
import { SaysNothing } from "../../catalogue/messages/says-nothing";
import { keepsBack } from "../../catalogue/messages/suppression";
import { TemplateError } from "../../catalogue/text/template";
import { send } from "../../connectors";
import { suppressionOf } from "../../schools/suppressions";
import { connectorsOf } from "../../world/connectors";
import { withNames } from "../../world/naming/names";
import { senderOf } from "../../world/secrets/webhook-secrets";
import { nowOf, type School } from "../../world/snapshot";
import { loadWorld } from "../../world/world";
import { exampleState, NOBODYS_LINKS } from "./example";
import { meantUser } from "./known-user";

export interface TestMessage extends MailParams {
  to: string;
  kind: "transactional" | "marketing";
  /** Whom it is rendered for; left out: an example learner. */
  user?: string | undefined;
}

interface Tested {
  status: "sent" | "captured" | "not_sent" | "suppressed" | "failed";
  to: string;
  subject: string;
  html: string;
  error: string | null;
}

/** That somebody is no collaborator of the school. */
export function faultsOfReceiver(school: School, to: string): Fault[] {
  const isOurs = school.settings.collaborators.some((one) => addressKey(one.email) === addressKey(to));
  return isOurs ? [] : [{ path: "/to", message: "not the address of a collaborator of the school" }];
}

/** Sends one mail to a collaborator, as a learner would get it; 422 to anybody else, or where it cannot be rendered. */
export async function sendTestMessage(env: Env, school: School, message: TestMessage): Promise<Tested> {
  const { to, kind } = message;
  const ofReceiver = faultsOfReceiver(school, to);
  const made = await rendered(env, school, message);
  const faults = [...ofReceiver, ...("faults" in made ? made.faults : [])];
  if (faults.length || "faults" in made) throw invalid(faults);
  const content = { ...made, kind };
  const shown = { to, subject: content.subject, html: content.html, error: null };
  const suppression = await suppressionOf(env, school.id, to);
  if (suppression && keepsBack(suppression.reason, kind)) return { ...shown, status: "suppressed" };
  if (school.mode === "test") return { ...shown, status: "captured" };
  const key = `test-${crypto.randomUUID()}`;
  const sent = await send(env, await senderOf(env, school), await connectorsOf(env, school), admitFor(env, school), {
    ...{ key, deliveryId: key, channel: "email", to: [to], content, at: Date.now() },
    user: { id: "schoolbell-test", email: to, pushTokens: [] },
  });
  if (sent.ok) return { ...shown, status: sent.captured ? "captured" : "sent" };
  return { ...shown, status: sent.notSetUp ? "not_sent" : "failed", error: sent.error };
}

type MadeMail = ReturnType<typeof mail>;

async function rendered(env: Env, school: School, message: TestMessage): Promise<MadeMail | { faults: Fault[] }> {
  const now = nowOf(school);
  const { found: state, faults } = await meantUser(env, school, message.user, now);
  // How it looks is tried on the example, so that all that is wrong is told.
  const { learner, order } = state ?? exampleState(now);
  const world = await loadWorld(env, school);
  const fact = { type: "preview", data: {}, at: now, order };
  try {
    const made = await withNames(env, school, world.school, (view) => {
      // Whoever reads it is not the learner: its links are nobody's.
      const scene = { learner, school: { ...view, links: NOBODYS_LINKS }, fact, now };
      return mail(scene, message, rendersFor(scene, true), message.kind);
    });
    return state ? made : { faults };
  } catch (error) {
    if (error instanceof SaysNothing)
      return { faults: [...faults, { path: `/${error.part}`, message: error.message }] };
    if (error instanceof TemplateError || error instanceof StepError)
      return {
        faults: [...faults, { path: error instanceof StepError ? "/subject" : "/body", message: error.message }],
      };
    throw error;
  }
}
