import { textKey, trimmed } from "../base/text/text";
import type { Fact, Learner, ProductType } from "./facts/facts";
import { tagKey } from "./tags/key";

/*
 * The kinds of things that facts, options and pickers speak of by their ids.
 */

/** A code is typed or pasted: without case, and without the blanks that came along. */
export const couponKey = (code: string): string => textKey(trimmed(code));

interface Kind {
  /** What people call one. */
  noun: string;
  /** Its ids are learned from the facts that name one, and offered where one is asked for. */
  isWord?: true;
  /** `reentry_per: "trigger"` counts facts about different ones apart. */
  isSubject?: true;
  /** What an id is compared by, where that is not the id itself. */
  keyOf?(id: string): string;
  /** A school spells each in one way: facts say it so. */
  spelled?: true;
  /** Those the user has something to do with. */
  of?(learner: Learner): readonly string[];
}

const enrolledIn = (learner: Learner, type?: ProductType): string[] =>
  learner.enrolments.flatMap((one) => (type === undefined || one.type === type ? [one.product] : []));

/** What is sold: a fact that tells a `product` and its `product_type` speaks of one of these. */
export const PRODUCTS = ["course", "bundle", "subscription"] as const satisfies readonly ProductType[];

/** Subjects stand in the order that `subjectOf` writes into stored state: add new ones behind the last. */
const KINDS = {
  course: { noun: "course", isWord: true, isSubject: true, of: (learner) => enrolledIn(learner, "course") },
  bundle: { noun: "bundle", isWord: true, isSubject: true, of: (learner) => enrolledIn(learner, "bundle") },
  subscription: {
    noun: "subscription",
    isWord: true,
    isSubject: true,
    of: (learner) => enrolledIn(learner, "subscription"),
  },
  product_type: { noun: "kind of product", isSubject: true },
  product: { noun: "product", isSubject: true, of: (learner) => enrolledIn(learner) },
  activity: { noun: "learning activity", isWord: true, isSubject: true },
  tag: { noun: "tag", isWord: true, isSubject: true, keyOf: tagKey, spelled: true },
  group: { noun: "user group", isWord: true, isSubject: true, of: ({ groups }) => groups.map((one) => one.group) },
  seat: { noun: "seat offering", isWord: true, isSubject: true, of: ({ seats }) => seats },
  segment: { noun: "segment", isSubject: true, of: ({ segments }) => segments },
  form: { noun: "form", isWord: true, isSubject: true, of: ({ forms }) => Object.keys(forms) },
  assessment: { noun: "assessment", isWord: true, isSubject: true, of: ({ assessments }) => Object.keys(assessments) },
  exam: { noun: "certificate exam", isWord: true, isSubject: true, of: ({ exams }) => Object.keys(exams) },
  certificate: { noun: "certificate", isWord: true, isSubject: true },
  coupon: { noun: "coupon", isWord: true, isSubject: true, keyOf: couponKey },
  space: { noun: "space" },
  field: { noun: "profile field" },
  attribute: { noun: "attribute" },
  collaborator: { noun: "collaborator" },
} satisfies Record<string, Kind>;

export type KindName = keyof typeof KINDS;

export const kinds: ReadonlyMap<string, Kind> = new Map(Object.entries<Kind>(KINDS));
const where = (is: "isWord" | "isSubject"): readonly string[] =>
  [...kinds].flatMap(([name, kind]) => (kind[is] ? [name] : []));

/** The kinds whose ids make up a school's vocabulary. */
export const WORDS = where("isWord");
const SUBJECTS = where("isSubject");

/** What a word of the vocabulary is known by. */
export const wordKey = (kind: string, value: string): string => kinds.get(kind)?.keyOf?.(value) ?? value;

/** The kinds that an id of a kind may be of: a product is of one of those sold. */
export const kindsOf = (name: string): readonly string[] => (name === "product" ? PRODUCTS : [name]);

/** The ids a fact speaks of, by what they are ids of. A payment's product counts by its kind. */
export function triggerValue(kind: string, data: Record<string, unknown>): string | undefined {
  const direct = data[kind];
  if (typeof direct === "string") return direct;
  if (typeof data.product === "string" && (data.product_type === kind || (!data.product_type && data.kind === kind))) {
    return data.product;
  }
  if (kind !== "product") return undefined;
  const product = data.course ?? data.bundle ?? data.subscription;
  return typeof product === "string" ? product : undefined;
}

/** What a fact is about, as one text: what `reentry_per: "trigger"` counts apart. */
export const subjectOf = (fact: Fact): string =>
  JSON.stringify(
    SUBJECTS.flatMap((name) => {
      const id = fact.data[name];
      return typeof id === "string" ? [[name, kinds.get(name)?.spelled ? id : wordKey(name, id)]] : [];
    }),
  );
