import { eventOf } from "../../catalogue";
import type { Input } from "../../engine/inputs/input";
import { newState, step } from "../../engine/step";
import type { UserState, World } from "../../engine/types";

/* What tests that let small schools live by the engine have happen: tags "a" and "b", field "f", course "c". */

export const START = Date.UTC(2026, 0, 5, 9);

export type Body = Record<string, unknown>;

export const event = (type: string, data: Record<string, unknown>): Input => {
  const card = eventOf(type);
  if (!card) throw new Error(type);
  // The cards' schemas are of objects.
  const parsed = card.data.parse(data) as Record<string, unknown>;
  return { kind: "event", id: `e-${type}`, event: card, type, data: parsed, attributes: {}, at: START };
};

export const put = (value: string | null): Input => ({
  ...{ kind: "put", attributes: { fields: { f: value } }, origin: { by: "event", id: null } },
});

/** What may happen. */
export const MOVES: readonly Input[] = [
  ...["a", "b"].flatMap((tag) => [event("tag.added", { tag }), event("tag.removed", { tag })]),
  ...["x", "y", null].map(put),
  ...["enrolled", "unenrolled"].map((what) => event(`course.${what}`, { course: "c" })),
  event("form.submitted", { form: "go" }),
];

interface Beginning {
  tags: readonly string[];
  field: string | null;
  enrolled: boolean;
}

/** How a learner may be before. */
export const BEGINNINGS: readonly Beginning[] = ["", "a", "b", "ab"].flatMap((tags) =>
  [null, "x", "y"].flatMap((field) => [false, true].map((enrolled) => ({ tags: [...tags], field, enrolled }))),
);

/** A learner who is so while the school's automations sleep, and what has something happen then. */
export function learnerAt({ tags, field, enrolled }: Beginning, world: World) {
  const state: UserState = newState("anna", START);
  let inputs = 0;
  const take = (input: Input, now: number, among = world) =>
    // The same kind of input: it has another id.
    step(state, { ...input, id: `e${inputs++}` } as Input, among, now);
  const asleep: World = { ...world, automations: [], byId: new Map() };
  const before: Input[] = [
    { kind: "align", fire: false, everything: true },
    ...tags.map((tag) => event("tag.added", { tag })),
    ...(field === null ? [] : [put(field)]),
    ...(enrolled ? [event("course.enrolled", { course: "c" })] : []),
  ];
  for (const [n, input] of before.entries()) take(input, START + n, asleep);
  return { state, take, now: START + before.length };
}

export const onTag = (tag: string) => ({ type: "tag.added", tags: [tag] });
export const offTag = (tag: string) => ({ type: "tag.removed", tags: [tag] });
export const add = (tag: string) => ({ type: "tags.add", tags: [tag] });
export const remove = (tag: string) => ({ type: "tags.remove", tags: [tag] });
export const set = (value: string | null) => ({ type: "user.set_field", field: "f", value });
export const enrol = { type: "course.enroll", courses: ["c"] };
export const unenrol = { type: "course.unenroll", courses: ["c"] };
export const onField = { type: "user.updated", fields: ["fields.f"] };
export const isField = (value: string) => ({ type: "user.field_is", field: "f", value });
export const hasAny = (tag: string) => ({ type: "tags.has_any", tags: [tag] });
