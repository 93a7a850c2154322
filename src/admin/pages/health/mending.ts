import { channels } from "../../../catalogue/channels";
import type { AnswerTo } from "../../../http/answers";
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
        label: kept ? `Set up ${channel.label.toLowerCase()}` : "Look at its settings",
        href: way(visit, channel.name),
      },
      { label: kept ? "What was kept" : "What waits", href: deliveries },
    ];
  }
  const known: Partial<Record<string, Mending[]>> = {
    automation_stopped:
      automations.length === 1
        ? [
            { label: "Look at the automation", href: visit.path(`/automations/${automations[0]}`) },
            { label: "What failed", href: visit.path("/deliveries?status=failed") },
          ]
        : [],
    lms_broken: [
      { label: "Look at the connection", href: visit.path("/settings/connectors/lms") },
      { label: "What waits", href: visit.path("/deliveries?channel=lms&status=queued") },
    ],
    deliveries_late: [{ label: "What waits", href: visit.path("/deliveries?status=queued") }],
    waits_late: [{ label: "Executions", href: visit.path("/executions") }],
  };
  return known[code] ?? [];
}

const way = (visit: Visit, name: string): string => visit.path(`/settings/connectors/${name}`);
