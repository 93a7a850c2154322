import type { z } from "zod";
import type { ParamNames, Scope } from "./route";
import type { Declared } from "./routes";

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
 * What a route answers when it does not refuse; null: nothing. This is what its handler gives, which is sent as it is:
 * the input of the declared schema, as no schema stands between a handler and JSON.
 */
export type Answer<Name extends RouteName> = {
  [Status in keyof Named[Name]["answers"]]: Named[Name]["answers"][Status] extends z.ZodType
    ? z.input<Named[Name]["answers"][Status]>
    : null;
}[keyof Named[Name]["answers"]];

/** One of what a list holds, or never where a route lists nothing. */
export type Row<Name extends RouteName> =
  Answer<Name> extends { data: (infer Item)[]; next_cursor: string | null } ? Item : never;

/** The names of the routes that list, a page at a time. */
export type ListName<S extends Scope = Scope> = {
  [Name in RouteName<S>]: [Row<Name>] extends [never] ? never : Name;
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
