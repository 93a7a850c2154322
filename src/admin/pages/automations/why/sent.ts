import { channels } from "../../../../catalogue/channels";
import { setUpIn } from "../../../../connectors";
import type { AnswerTo, RowOf } from "../../../../http/answering/answers";
import { heard } from "../../../../language/heard";
import { inWords, say } from "../../../../language/say";
import { namedText, relativeText } from "../../../components/moment";
import type { Visit } from "../../../visit";
import { reasonText } from "../../../words/sentences/reasons";
import { deliveryPath, headline, waitText } from "../../sending/delivery-table";
import { reasonInWords } from "../../sending/reasons";
import { goesOnText, type Hold, holdOf, holdText, stateOf } from "../runs/run-state";

/* What became of an automation that ran: what it sent and did not leave, what it waits for, or why it ended. */

/** The answer to "why not", and the one thing that would change it. */
export interface Answer {
  sentence: string;
  /** What to do, and where. */
  change: string;
  way?: { label: string; href: string };
}

type Run = AnswerTo<"GET /v1/runs/:id">;
type Delivery = RowOf<"GET /v1/deliveries">;

/** A run with what it sent. */
export interface RunTold {
  run: Run;
  /** What keeps it from going on. */
  hold: Hold | null;
  deliveries: readonly Delivery[];
}

/** So many of what a run sent are looked at. */
const MOST = 100;

/** Null: there is no record of it any more. */
export async function runTold(visit: Visit, id: string): Promise<RunTold | null> {
  const [run, deliveries] = await Promise.all([
    visit.api.find("GET /v1/runs/:id", { params: { id } }),
    visit.api.call("GET /v1/deliveries", { query: { run: id, limit: String(MOST) } }),
  ]);
  if (!run) return null;
  const automation = await visit.api.find("GET /v1/automations/:id", { params: { id: run.automation_id } });
  return { run, hold: holdOf(run, stateOf(automation), visit), deliveries: deliveries.data };
}

interface Of {
  visit: Visit;
  /** The automation's own page. */
  here: string;
  /** Whom it ran for, as they are called, and their page. */
  name: string;
  learner: string;
}

type Told = Omit<Answer, "sentence"> & { what: string };

/** The worst first: the one thing to change is that of the first that did not leave. */
const WORST: readonly string[] = ["failed", "not_sent", "suppressed", "queued", "captured"];

/** What a skipped step, or a message that was kept back, asks for. */
function changeOf(reason: string, { name, learner, here, visit }: Of): Omit<Answer, "sentence"> {
  const toLearner = { label: say("To {name}", { name }), href: learner };
  const suppressed = { label: say("Suppressed addresses"), href: visit.path("/suppressions") };
  const edit = { label: say("Edit it"), href: `${here}/edit` };
  const known: Readonly<Record<string, () => Omit<Answer, "sentence">>> = {
    no_email: () => ({ change: say("Give {name} an email address.", { name }), way: toLearner }),
    no_consent: () => ({
      change: say("It goes to {name} once they agree to marketing.", { name }),
      way: toLearner,
    }),
    topic_off: () => ({
      change: say("That is their own choice: {name} alone takes it back.", { name }),
      way: toLearner,
    }),
    bounced: () => ({
      change: say("Correct the address, or lift it once mail arrives there again."),
      way: suppressed,
    }),
    complained: () => ({ change: say("Respect it, or lift the address if it was a mistake."), way: suppressed }),
    by_hand: () => ({ change: say("Lift the address, if mail may go there again."), way: suppressed }),
    quiet_hours: () => ({
      change: say("Make the quiet hours shorter."),
      way: { label: say("Mail"), href: visit.path("/settings/mail") },
    }),
    at_most: () => ({
      change: say("Let more mails go to one learner."),
      way: { label: say("Mail"), href: visit.path("/settings/mail") },
    }),
    no_device: () => ({ change: say("It goes once {name} has the app on a device.", { name }), way: toLearner }),
    empty: () => ({ change: say("Its text says nothing for {name}: give it words.", { name }), way: edit }),
    nobody: () => ({ change: say("Choose somebody whom it goes to."), way: edit }),
  };
  return (Object.hasOwn(known, reason) ? known[reason]?.() : undefined) ?? { change: "" };
}

/** What of a message did not leave; null: it has. */
function keptBack(delivery: Delivery, of: Of): Told | null {
  const { visit } = of;
  const { status, reason, channel, attempts, next_attempt_at: next } = delivery;
  const what = headline(delivery);
  const look = { label: say("Look at it"), href: deliveryPath(visit, delivery.id) };
  const because = reasonInWords(reason);
  const when = next === undefined ? "" : relativeText(Date.parse(next), Date.now(), visit.timezone);
  const named = next === undefined ? "" : namedText(Date.parse(next), Date.now(), visit.timezone);
  const error = heard(attempts.at(-1)?.error ?? "");
  const waits = waitText(delivery);
  const way = channels.find(({ name }) => name === channel);
  if (status === "failed" && reason !== "bounced")
    return {
      what: say("“{what}” failed: {error}", { what, error: error || inWords(reason ?? "") }),
      change: say("Once that is mended, send it again."),
      way: look,
    };
  if (status === "suppressed" || status === "failed")
    return {
      what: say("“{what}” did not leave: {reason}.", { what, reason: because ?? inWords(reason ?? "") }),
      ...{ way: look, ...changeOf(reason ?? "", of) },
    };
  if (status === "not_sent")
    return {
      what: say("“{what}” was kept, not sent: {reason}.", { what, reason: because ?? "" }),
      ...(!way || setUpIn(visit.school)(way.name)
        ? { change: say("It can leave now: send it."), way: look }
        : {
            change: say("Set up how it leaves, then send what was kept."),
            way: {
              label: say("Set up {channel}", { channel: inWords(way.label.toLowerCase()) }),
              href: visit.path(`/settings/connectors/${way.name}`),
            },
          }),
    };
  if (status === "queued" && waits !== null)
    return {
      what: say("“{what}” waits until {when}: {reason}.", { what, when: named, reason: waits }),
      change: say("It goes by itself then."),
      way: look,
    };
  if (status === "queued" && attempts.length)
    return {
      what: say("“{what}” has not got through yet: {error}", { what, error }),
      change: say("It is tried again {when}; or try it now.", { when }),
      way: look,
    };
  if (status === "captured")
    return {
      what: say("“{what}” was kept, not sent: {reason}.", {
        what,
        reason: visit.school.mode === "test" ? say("this is a test school") : say("mail is set to be kept"),
      }),
      change:
        visit.school.mode === "test" ? say("A live school sends it.") : say("Choose what sends the school's mail."),
      way:
        visit.school.mode === "test"
          ? look
          : { label: say("Set up email"), href: visit.path("/settings/connectors/email") },
    };
  return null;
}

/** What the first step said that meant to send something and could not. */
function skippedStep({ run, deliveries }: RunTold, of: Of): Told | null {
  for (const { step_id: step, status, detail } of run.steps) {
    const reason = detail?.reason;
    if (status !== "skipped" || typeof reason !== "string" || deliveries.some((one) => one.step_id === step)) continue;
    const change = changeOf(reason, of);
    if (change.change) return { what: say("A step did nothing: {reason}.", { reason: reasonText(reason) }), ...change };
  }
  return null;
}

/** Where the run itself stands. */
function standing({ run, hold }: RunTold, { visit }: Of): Told | null {
  const { status, reason, wake_at: wake } = run;
  const way = { label: say("See the run"), href: visit.path(`/runs/${encodeURIComponent(run.id)}`) };
  const why = reason ? reasonText(reason) : "";
  if (status === "failed") {
    const failed = run.steps.findLast((one) => one.status === "failed")?.detail?.reason;
    const said = typeof failed === "string" ? heard(failed) : why;
    return { what: say("A step failed: {reason}", { reason: said }), change: say("Mend it, then retry the run."), way };
  }
  if (hold) return { what: say("The run is on hold: {why}.", { why: holdText(hold) }), change: goesOnText(hold), way };
  if (status === "exited" || status === "cancelled")
    return { what: say("It ended early: {reason}.", { reason: why || say("ended by hand") }), change: "", way };
  if (status === "waiting")
    return {
      what: say("It is not over."),
      change: wake
        ? say("It goes on {when}.", { when: relativeText(Date.parse(wake), visit.nowMs, visit.timezone) })
        : say("It goes on once what it waits for happens."),
      way,
    };
  return null;
}

/**
 * What became of an automation that ran.
 * @param ran "It ran: Anna was enrolled in js-101 2 days ago."
 */
export function answerOfRun(ran: string, told: RunTold | null, run: string, of: Of): Answer {
  const way = { label: say("See the run"), href: of.visit.path(`/runs/${encodeURIComponent(run)}`) };
  const kept = (told?.deliveries ?? [])
    .toSorted((one, other) => rank(one) - rank(other))
    .map((one) => keptBack(one, of))
    .find((one) => one !== null);
  const found = told && (kept ?? skippedStep(told, of) ?? standing(told, of));
  if (!found) return { sentence: ran, change: say("Nothing stood in its way."), way };
  const { what, ...change } = found;
  return { sentence: `${ran} ${what}`, ...change };
}

/** By how bad it is; what has left comes last. */
const rank = ({ status }: Delivery): number => {
  const place = WORST.indexOf(status);
  return place < 0 ? WORST.length : place;
};
