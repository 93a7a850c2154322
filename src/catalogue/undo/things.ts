/*
 * What a run can give and an undo can take back, as both are told of.
 */

export const THINGS = [
  "tag",
  "field",
  "seat",
  "space",
  "segment",
  "group",
  "course",
  "bundle",
  "subscription",
] as const;

export interface Thing {
  kind: (typeof THINGS)[number];
  id: string;
}

/** `to`: what a field, or the end of an enrolment (RFC 3339), becomes again; null: a field that was not there. */
export interface Taken extends Thing {
  to?: unknown;
}

/**
 * `others`: somebody gave it too; `changed`: somebody changed it since; `merged`: it was given anew to the user whom
 * theirs was merged into; `before_unknown`: what stood there before is not known; `follows_rules`: its members do.
 */
export const STAYS = ["others", "changed", "merged", "before_unknown", "follows_rules"] as const;
export type Why = (typeof STAYS)[number];

export interface Staying extends Thing {
  why: Why;
}

export interface TakenBack {
  takes: Taken[];
  stays: Staying[];
}

/** What of a step can be taken back, by what its log says of it. */
export interface Undo {
  gave(detail: Readonly<Record<string, unknown>>): Thing[];
  /** Whether something of it cannot, all the same. */
  leaves?(detail: Readonly<Record<string, unknown>>): boolean;
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];

/** An action that gives the things its log lists under a name. */
export const gives = (kind: Thing["kind"], name: string): Undo => ({
  gave: (detail) => texts(detail[name]).map((id) => ({ kind, id })),
});
