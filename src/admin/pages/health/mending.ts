import { channels } from "../../../catalogue/channels";
import type { AnswerTo } from "../../../http/answering/answers";
import { inWords, say } from "../../../language/say";
import type { Visit } from "../../visit";

export type HealthProblem = AnswerTo<"GET /v1/health">["problems"][number];

/** A page that helps with a problem. */
export interface Mending {
  label: string;
  href: string;
}

/** Where what is wrong can be mended, or looked into; the first is where to begin. */
export function mendingsOf(visit: Visit, { code, automations = [] }: HealthProblem): Mending[] {
  const channel = channels.find(({ name }) => code === `${name}_not_set_up` || code === `${name}_failing`);
  if (channel) {
    const kept = code.endsWith("_not_set_up");
    const deliveries = visit.path(`/deliveries?channel=${channel.name}&status=${kept ? "not_sent" : "queued"}`);
    return [
      {
        label: kept
          ? say("Set up {channel}", { channel: inWords(channel.label.toLowerCase()) })
          : say("Look at its settings"),
        href: way(visit, channel.name),
      },
      { label: kept ? say("What was kept") : say("What waits"), href: deliveries },
    ];
  }
  const known: Partial<Record<string, Mending[]>> = {
    automation_stopped:
      automations.length === 1
        ? [
            { label: say("Look at the automation"), href: visit.path(`/automations/${automations[0]}`) },
            { label: say("What failed"), href: visit.path("/deliveries?status=failed") },
          ]
        : [],
    lms_broken: [
      { label: say("Look at the connection"), href: visit.path("/settings/connectors/lms") },
      { label: say("What waits"), href: visit.path("/deliveries?channel=lms&status=queued") },
    ],
    quota_used_up: [{ label: say("Look at the keys"), href: visit.path("/settings/keys") }],
    deliveries_late: [{ label: say("What waits"), href: visit.path("/deliveries?status=queued") }],
    waits_late: [{ label: say("Executions"), href: visit.path("/executions") }],
  };
  return known[code] ?? [];
}

const way = (visit: Visit, name: string): string => visit.path(`/settings/connectors/${name}`);
