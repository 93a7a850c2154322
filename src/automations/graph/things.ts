import { eventOf, triggers } from "../../catalogue";
import { UNHEARD } from "../../catalogue/facts/by-hand";
import { kinds, kindsOf, wordKey } from "../../catalogue/kinds";
import type { CourseId } from "../../catalogue/options/course-id";

/*
 * What the graph of a school is made of: things, known by their kind and id. Those that are defined there name others.
 */

/** Kinds of nodes, as answered. */
export const NODE_KINDS = [
  ...(["automation", "event", "segment", "sync", "rule", "auto_group"] as const),
  ...(["product", "tag", "group", "seat", "space", "field"] as const),
] as const;
export type NodeKind = (typeof NODE_KINDS)[number];

export interface Thing {
  /** Of a product its type: `course`, `form` … ; `product` where nobody knows which of those sold it is. */
  kind: string;
  id: string;
}

const isNodeKind = (kind: string): kind is NodeKind => NODE_KINDS.some((one) => one === kind);

/** Kinds of ids that are no things of a school: people, and names of what is told apart otherwise. */
const NO_THINGS = new Set(["collaborator", "product_type", "attribute"]);

/** The kind of node that things of a kind are; undefined where they are none. */
export const nodeKindOf = (kind: string): NodeKind | undefined => {
  if (isNodeKind(kind)) return kind;
  return kinds.has(kind) && !NO_THINGS.has(kind) ? "product" : undefined;
};

/** What a thing is known by, the same every time. */
export const keyOf = ({ kind, id }: Thing): string => `${kind}:${wordKey(kind, id)}`;

/** The thing of a key as people write it (`tag:VIP`); undefined where it is none. */
export function thingOf(text: string): Thing | undefined {
  const [, kind = "", id = ""] = /^([a-z_]+):(.+)$/s.exec(text) ?? [];
  return nodeKindOf(kind) ? { kind, id } : undefined;
}

/** Calls things by the one id that they have here: of a course any that it is named by leads to it. */
export const calledBy =
  (courseId: CourseId) =>
  (thing: Thing): Thing => {
    const id = kindsOf(thing.kind).includes("course") ? courseId(thing.id) : thing.id;
    return id === thing.id ? thing : { kind: thing.kind, id };
  };

/** Whether an id is of one of several kinds of product. */
export const isOfSeveral = (kind: string): boolean => kindsOf(kind).length > 1;

/** What people call facts of a type. */
export const labelOfEvent = (type: string): string =>
  eventOf(type)?.allowedAs ??
  eventOf(type)?.label ??
  triggers.get(type)?.label ??
  UNHEARD.find((one) => one.type === type)?.label ??
  type;
