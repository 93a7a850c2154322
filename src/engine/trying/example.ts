import * as z from "zod";
import { eventOf, triggers } from "../../catalogue";
import { addDays, formatInstant } from "../../catalogue/dates/time";
import type { BoundTrigger } from "../../catalogue/define";
import type { Event } from "../../catalogue/define-event";
import type { Learner } from "../../catalogue/facts/facts";
import { kinds } from "../../catalogue/kinds";
import { pickerOf } from "../../catalogue/options/meta";

const PREFIX = "example-";
const DAYS_AHEAD = 14;

const requirements = z.object({
  required: z.array(z.string()).default([]),
  properties: z
    .record(
      z.string(),
      z.looseObject({
        type: z.unknown().optional(),
        enum: z.array(z.unknown()).optional(),
        minimum: z.number().optional(),
        picker: z.string().optional(),
      }),
    )
    .default({}),
});

/**
 * A fact that a trigger means: what its params name, else something the user has, else a made-up id. `data` is that of
 * the event where one of this type exists.
 * @param now ms: times the fact needs lie some days ahead of it
 */
export function exampleFact(
  trigger: BoundTrigger,
  learner: Learner,
  now: number,
): { type: string; data: Record<string, unknown> } {
  const type = trigger.on[0] ?? trigger.type;
  const data: Record<string, unknown> = { ...trigger.example };
  for (const [name, field] of Object.entries(triggers.get(trigger.type)?.params.shape ?? {})) {
    const kind = pickerOf(field);
    if (kind === undefined || trigger.params[name] !== undefined) continue;
    const own = kinds.get(kind)?.of?.(learner)[0];
    if (own !== undefined) data[kind] ??= own;
  }
  const event = eventOf(type);
  return { type, data: event ? exampleData(event, learner, now, data) : data };
}

/**
 * Data that an event takes: what is given, and for the rest it asks for something the user has, else a made-up id.
 * @param now ms: times the event needs lie some days ahead of it
 */
export function exampleData(
  event: Event,
  learner: Learner,
  now: number,
  given: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const data: Record<string, unknown> = { ...given };
  const { required, properties } = requirements.parse(
    z.toJSONSchema(event.data, { io: "input", unrepresentable: "any" }),
  );
  for (const name of required) {
    const { type, enum: choices, minimum, picker = name } = properties[name] ?? {};
    data[name] ??=
      choices?.[0] ??
      (type === "boolean" ? true : undefined) ??
      (type === "number" || type === "integer" ? Math.max(1, minimum ?? 1) : undefined) ??
      (name.endsWith("_at") ? formatInstant(addDays(now, DAYS_AHEAD, "UTC")) : undefined) ??
      kinds.get(picker)?.of?.(learner)[0] ??
      PREFIX + picker;
  }
  return data;
}
