import type { z } from "zod";
import type { Env } from "../base/env";
import { type ListPage, type ListQuery, mapPage, pageOf } from "../db/lists/list";
import type { School } from "../world/snapshot";
import { defineRoute, type Givable, ok, type Scope } from "./route";

/** What a school's key or somebody signed in to it may have: verbs are given the school. */
type SchoolScope = Exclude<Scope, "none" | "platform" | "user">;

/** A school's things of one kind, that are listed and got by their id. */
interface ResourceSpec<
  S extends SchoolScope,
  Path extends string,
  By extends string,
  Query extends z.ZodType<ListQuery>,
  Document extends z.ZodType,
  Row,
> {
  /** Of the list: `/v1/segments`. */
  path: Path;
  /** What the id is called in the path of one; `id` when left out. */
  by?: By;
  scope: S;
  /** As the documents speak of them: "the segments", "a segment". */
  many: string;
  one: string;
  /** `listQuery` or `turnableListQuery`, with what the list can be narrowed by. */
  query: Query;
  /** One of them in an answer. */
  document: Document;
  list(env: Env, school: School, query: z.output<Query>): Promise<ListPage<Row>>;
  /** 404 for what is not there or another school's. */
  get(env: Env, school: string, id: string): Promise<Row>;
  toDocument(row: Row): Givable<z.input<Document>>;
}

/** What a handler is given by a school's credential. */
interface Asked<Query> {
  env: Env;
  school: School;
  params: Readonly<Record<string, string>>;
  query: Query;
}

/** The two routes by which a resource is read: its list, oldest first, and one by its id. */
export function defineResource<
  const S extends SchoolScope,
  const Path extends string,
  Query extends z.ZodType<ListQuery>,
  Document extends z.ZodType,
  Row,
  const By extends string = "id",
>(spec: ResourceSpec<S, Path, By, Query, Document, Row>) {
  const { path, scope, query, document, toDocument } = spec;
  const by = spec.by ?? "id";
  const list = async ({ env, school, query }: Asked<z.output<Query>>) =>
    ok(mapPage(await spec.list(env, school, query), toDocument));
  const get = async ({ env, school, params }: Asked<unknown>) =>
    ok(toDocument(await spec.get(env, school.id, params[by] ?? "")));
  return [
    defineRoute({
      method: "GET",
      path,
      scope,
      summary: `List ${spec.many}, oldest first.`,
      query,
      answers: () => ({ 200: pageOf(document) }),
      // What defineRoute asks of a handler is open while Path and the schemas are: the spec's own types ask the same.
      handle: list as never,
    }),
    defineRoute({
      method: "GET",
      // `by` is "id" where it is left out, and so is its type.
      path: `${path}/:${by}` as `${Path}/:${By}`,
      scope,
      summary: `Get ${spec.one}.`,
      answers: { 200: document },
      handle: get as never,
    }),
  ] as const;
}
