import type { DrawnField, DrawnForm } from "./browser";

/* For tests: forms filled in at random, as they are taken or nearly so. */

export type Random = (below: number) => number;

/** Numbers from 0 up to `below`, the same for the same seed (mulberry32). */
export const randomOf = (seed: number): Random => {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
};

export const pick = <T>(random: Random, all: readonly T[]): T | undefined => all[random(Math.max(1, all.length))];

const TYPED: Readonly<Record<string, (n: number) => string>> = {
  email: (n) => `somebody-${n}@school.com`,
  number: (n) => String(n % 30),
  url: (n) => `https://school.com/${n}`,
  date: () => "2026-02-01",
  "datetime-local": () => "2026-02-01T09:00",
};

const FILES: Readonly<Record<string, (n: number) => string>> = {
  users: (n) => `id,email\nzoe-${n},zoe-${n}@school.com\n`,
  segments: (n) => `id,name\nseg-${n},Segment ${n}\n`,
  members: () => "user,segment,action\nanna,s1,add\n",
};

/** Names by which pages ask for what is there. */
const KNOWN: Readonly<Record<string, string>> = { user: "anna", id: "anna", course: "js-101", field: "department" };

const valueFor = (random: Random, field: DrawnField): string => {
  const n = random(1_000_000);
  if (field.kind === "hidden") return field.value;
  if (field.kind === "select") return pick(random, field.options) ?? "";
  const isLeft = field.value !== "" ? random(3) > 0 : !field.isRequired;
  if (isLeft || field.kind === "textarea") return field.value;
  return KNOWN[field.name] ?? TYPED[field.kind]?.(n) ?? (field.name === "advance" ? "PT1H" : `thing-${n}`);
};

/** A form with all its fields filled in, and one of its buttons pressed. */
export function filled(random: Random, form: DrawnForm): URLSearchParams | FormData {
  const body = form.isMultipart ? new FormData() : new URLSearchParams();
  for (const field of form.fields) {
    if (field.kind === "file") {
      const [, what = ""] = /\/import\/(\w+)/.exec(form.action) ?? [];
      // The platform's types know of text alone.
      const file = new File([FILES[what]?.(random(1_000_000)) ?? ""], "file.csv", { type: "text/csv" }) as never;
      if (Object.hasOwn(FILES, what)) body.append(field.name, file);
    } else if (field.kind !== "checkbox") body.append(field.name, valueFor(random, field));
    else if (random(2) === 0) body.append(field.name, field.value);
  }
  const button = pick(random, form.buttons);
  if (button && button.name !== "") body.append(button.name, button.value);
  return body;
}
