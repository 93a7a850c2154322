import type { Env } from "../../base/env";
import { invalid, notFound, pointer } from "../../base/errors/errors";
import type { Role } from "../../catalogue/checking/references";
import { isProductKind } from "../../catalogue/facts/products";
import { kindsOf } from "../../catalogue/kinds";
import { decodeCursor, encodeCursor } from "../../db/lists/list";
import { productNames } from "../../products/find";
import { courseIdIn } from "../../world/naming/ids";
import { readSpellings } from "../../world/naming/spelling";
import type { School } from "../../world/snapshot";
import { knownProducts } from "../finding/vocabulary";
import type { Touch } from "./edges";
import { type Defined, definedIn } from "./read";
import { calledBy, isOfSeveral, keyOf, labelOfEvent, type NodeKind, nodeKindOf, type Thing, thingOf } from "./things";

/*
 * A school as one graph. It is read whole, once, one definition opened after the other: what touches what is known by
 * keys, and the places where something is named are made of those definitions alone that a page shows.
 */

export interface GraphNode {
  id: string;
  kind: NodeKind;
  name: string;
  /** Of a product: what it is. */
  type?: string;
  active?: boolean;
}

export interface GraphEdge {
  from: string;
  to: string;
  kind: Role;
  /** JSON pointers into the definition at one end: where it names the other. */
  paths: string[];
}

export interface Graph {
  /** The node that was asked about. */
  about?: string;
  nodes: GraphNode[];
  edges: GraphEdge[];
  next_cursor: string | null;
}

export interface GraphQuery {
  /** `kind:id`; all when left out. */
  about?: string | undefined;
  /** So many edges away. */
  depth: number;
  cursor?: string | undefined;
}

/** A page holds so many edges, and as many definitions, before it ends: with its names some 400 KB. */
export const PAGE_EDGES = 2_000;

/** @throws Problem 404 about a definition that is not there, 422 about what is no thing */
export async function graphOf(env: Env, school: School, query: GraphQuery): Promise<Graph> {
  const called = calledBy(await courseIdIn(env, school));
  const about = query.about === undefined ? null : called(aboutIn(query.about));
  const after = query.cursor === undefined ? "" : String(decodeCursor(query.cursor, 1)[0]);
  const all = await definedIn(env, school.id, called);
  const web = await webOf(env, school.id, all);
  const meant = about ? around(web, about, query.depth) : null;
  const page = pageOf(all, web, meant, after);
  // What nothing touches is shown all the same.
  if (about && after === "" && !page.things.has(keyOf(about))) page.things.set(keyOf(about), about);
  const nodes = await named(env, school, page.things, new Map(all.map((one) => [one.key, one])));
  return {
    ...(about ? { about: keyOf(about) } : {}),
    nodes,
    edges: page.edges,
    next_cursor: page.last === null ? null : encodeCursor([page.last]),
  };
}

function aboutIn(text: string): Thing {
  const thing = thingOf(text);
  if (!thing) throw invalid([{ path: "/about", message: 'name a thing by its kind and id: "course:js-101"' }]);
  return thing;
}

// ---- What touches what ----

interface Web {
  /** The keys of what each definition touches, by its own. */
  touched: ReadonlyMap<string, ReadonlySet<string>>;
  /** The definitions that touch a thing, by its key. */
  touching: ReadonlyMap<string, readonly string[]>;
  /** The things that a name of a thing means: a product may be a course, a bundle or a subscription. */
  meant(thing: Thing): readonly Thing[];
}

async function webOf(env: Env, school: string, all: readonly Defined[]): Promise<Web> {
  const raw = new Map<string, ReadonlyMap<string, Thing>>();
  const several = new Map<string, Thing>();
  const names = new Set(all.map(({ key }) => key));
  for (const one of all) {
    const things = new Map<string, Thing>();
    for (const { thing } of one.touches()) {
      if (!nodeKindOf(thing.kind)) continue;
      const key = keyOf(thing);
      things.set(key, thing);
      if (isOfSeveral(thing.kind)) several.set(key, thing);
    }
    if (things.size) raw.set(one.key, things);
    for (const key of things.keys()) names.add(key);
  }
  const asked = [...several.values()].map(({ kind, id }) => ({ kinds: kindsOf(kind), value: id }));
  const [knows, called] = await Promise.all([
    knownProducts(env, school, asked),
    productNames(env, school, [...new Set(asked.map(({ value }) => value))]),
  ]);
  const means = new Map(
    [...several].map(([key, thing]) => {
      const things = kindsOf(thing.kind).map((kind): Thing => ({ kind, id: thing.id }));
      const known = things.filter(
        (one) => knows(one.kind, one.id) || called[one.kind]?.[one.id] || names.has(keyOf(one)),
      );
      return [key, known.length ? known : [thing]] as const;
    }),
  );
  const meant = (thing: Thing): readonly Thing[] => means.get(keyOf(thing)) ?? [thing];
  const touched = new Map<string, ReadonlySet<string>>();
  const touching = new Map<string, string[]>();
  for (const [key, things] of raw) {
    const keys = new Set([...things.values()].flatMap(meant).map(keyOf));
    touched.set(key, keys);
    for (const one of keys) {
      const those = touching.get(one);
      if (those) those.push(key);
      else touching.set(one, [key]);
    }
  }
  return { touched, touching, meant };
}

/** The keys of what is so many edges away from something, at most. */
function around({ touched, touching }: Web, about: Thing, depth: number): ReadonlySet<string> {
  const found = new Set([keyOf(about)]);
  let edge: Iterable<string> = [...found];
  for (let far = 0; far < depth; far++) {
    const next: string[] = [];
    for (const key of edge)
      for (const one of [...(touched.get(key) ?? []), ...(touching.get(key) ?? [])]) {
        if (found.has(one)) continue;
        found.add(one);
        next.push(one);
      }
    edge = next;
  }
  return found;
}

// ---- A page ----

interface Drawn {
  things: Map<string, Thing>;
  edges: GraphEdge[];
  /** The key of its last definition, where there are more. */
  last: string | null;
}

function pageOf(all: readonly Defined[], web: Web, meant: ReadonlySet<string> | null, after: string): Drawn {
  const things = new Map<string, Thing>();
  const edges: GraphEdge[] = [];
  let last: string | null = null;
  let count = 0;
  for (const one of all) {
    if (one.key <= after || (meant && !meant.has(one.key))) continue;
    if (edges.length >= PAGE_EDGES || count >= PAGE_EDGES) return { things, edges, last };
    count++;
    last = one.key;
    things.set(one.key, one);
    // A definition has more than an argument list may hold.
    for (const edge of edgesOf(one, web, things, meant)) edges.push(edge);
  }
  return { things, edges, last: null };
}

/** The edges of a definition, each once with all its places; what they lead to is put among the things. */
function edgesOf(one: Defined, web: Web, things: Map<string, Thing>, meant: ReadonlySet<string> | null): GraphEdge[] {
  const edges = new Map<string, Omit<GraphEdge, "paths"> & { paths: Set<string> }>();
  const add = ({ way, kind, path }: Touch, thing: Thing): void => {
    const key = keyOf(thing);
    if (meant && !meant.has(key)) return;
    if (!things.has(key)) things.set(key, thing);
    const [from, to] = way === "in" ? [key, one.key] : [one.key, key];
    const name = JSON.stringify([from, to, kind]);
    const edge = edges.get(name);
    const place = pointer([...path]);
    if (edge) edge.paths.add(place);
    else edges.set(name, { from, to, kind, paths: new Set([place]) });
  };
  for (const touch of one.touches())
    if (nodeKindOf(touch.thing.kind)) for (const thing of web.meant(touch.thing)) add(touch, thing);
  return [...edges.values()].map(({ paths, ...edge }) => ({ ...edge, paths: [...paths] }));
}

// ---- Names ----

async function named(
  env: Env,
  school: School,
  things: ReadonlyMap<string, Thing>,
  defined: ReadonlyMap<string, Defined>,
): Promise<GraphNode[]> {
  const shown = [...things].map(([key, thing]) => ({ key, thing, of: defined.get(key) }));
  const asked = shown.flatMap(({ thing, of }) => [thing, ...(of?.called ?? [])]);
  const [products, spellings] = await Promise.all([
    productNames(env, school.id, [...new Set(asked.flatMap(({ kind, id }) => (isProductKind(kind) ? [id] : [])))]),
    readSpellings(env, school, [
      ...new Set(asked.flatMap((one) => (one.kind === "tag" ? [keyOf(one).slice("tag:".length)] : []))),
    ]),
  ]);
  const nameOf = (thing: Thing): string => {
    const { kind, id } = thing;
    if (kind === "event") return labelOfEvent(id);
    if (kind === "tag") return spellings.get(keyOf(thing).slice("tag:".length)) ?? id;
    return defined.get(keyOf(thing))?.name ?? products[kind]?.[id] ?? id;
  };
  return shown.map(({ key, thing, of }) => {
    const kind = nodeKindOf(thing.kind);
    if (!kind) throw new Error(`${key} is no thing`);
    if (isDefinition(kind) && !of) throw notFound(kind);
    return {
      id: key,
      kind,
      name: of?.called ? of.called.map(nameOf).join(", ") : nameOf(thing),
      ...(kind === "product" ? { type: thing.kind } : {}),
      ...(of?.active === undefined ? {} : { active: of.active }),
    };
  });
}

/** Kinds of which there is nothing that nobody has defined: no definition names one of another. */
const isDefinition = (kind: NodeKind): boolean => ["automation", "sync", "rule", "auto_group"].includes(kind);
