import type { z } from "zod";
import type { Answers, ParamNames, Scope } from "../route";
import type { Declared } from "../routes";

/*
 * What the routes take and answer, as types found by a route's name, its method and path: "GET /v1/runs/:id". For
 * callers within the process; they read the routes' own declarations, so there is nothing here to keep in step.
 */

type Named = { [Route in Declared as `${Route["method"]} ${Route["path"]}`]: Route };

/** The names of the routes that one of these scopes may call. */
export type RouteName<S extends Scope = Scope> = {
  [Name in keyof Named]: S & Named[Name]["scopes"][number] extends never ? never : Name;
}[keyof Named];

/**
 * What a route answers when it does not refuse; null: nothing. No schema stands between a handler and JSON, so this is
 * what its handler gives, the input of the declared schema, as it is after the journey: nothing in it is undefined.
 */
export type AnswerTo<Name extends RouteName> = { [One in Name]: AnswerOf<Named[One]["answers"]> }[Name];

type AnswerOf<Declared extends Answers> = {
  [Status in keyof Declared]: Declared[Status] extends z.ZodType ? Sent<z.input<Declared[Status]>> : null;
}[keyof Declared];

type Sent<T> = T extends readonly (infer Item)[]
  ? Sent<Item>[]
  : T extends object
    ? { [Key in keyof T]: Sent<Exclude<T[Key], undefined>> }
    : T;

/** One of what a list holds, or never where a route lists nothing. */
export type RowOf<Name extends RouteName> =
  AnswerTo<Name> extends { data: (infer Item)[]; next_cursor: string | null } ? Item : never;

/** The names of the routes that list, a page at a time. */
export type ListName<S extends Scope = Scope> = {
  [Name in RouteName<S>]: [RowOf<Name>] extends [never] ? never : Name;
}[RouteName<S>];

/** The parameters of a route's path, before they are encoded. */
export type ParamsOf<Name extends RouteName> = { readonly [Param in ParamNames<Named[Name]["path"]>]: string };

type Query<Schema> = [Schema] extends [never]
  ? Record<never, never>
  : Schema extends z.ZodType
    ? z.input<Schema>
    : never;

/** A route's query: its names checked, its values as they are written; what is undefined is left out. */
export type QueryOf<Name extends RouteName> = {
  readonly [Key in keyof Query<NonNullable<Named[Name]["query"]>>]?: string | number | boolean | undefined;
};
