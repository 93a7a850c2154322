import type {
  Automation,
  AutomationAnswer,
  Event,
  EventAnswer,
  Job,
  ListedUser,
  Run,
  User,
  UserAttributes,
} from "../types/catalogue.ts";
import type { Problem } from "../types/problem.ts";
import { type Asked, type Connection, requestsOf } from "./request.ts";

/*
 * Schoolbell for an LMS's own server.
 */

export type * from "../types/catalogue.ts";
export type { Problem } from "../types/problem.ts";
export { type Connection, SchoolbellError } from "./request.ts";
export { type GivenHeaders, verifyWebhook, WebhookError } from "./webhook.ts";

export interface Page<Item> {
  data: Item[];
  next_cursor: string | null;
}

/** How far a list is read: `limit` things a page, 100 at most. */
export interface PageQuery {
  limit?: number;
  cursor?: string;
}

export interface Tagged<Item> {
  item: Item;
  /** For `ifMatch`: the write is refused (412) where somebody else changed it since. */
  etag: string;
}

const at = (id: string): string => encodeURIComponent(id);

/** What is known of an automation by those who change it. */
interface ChangeOptions {
  ifMatch?: string;
  /** Takes live runs along to the new version by step id. */
  live?: "move";
}

export type Schoolbell = ReturnType<typeof schoolbell>;

/** A school's Schoolbell, by a key of it. Calls reject with `SchoolbellError`. */
export function schoolbell(connection: Connection) {
  const request = requestsOf(connection);
  // Of each route it is said here what it answers; a test holds these types to what routes say of themselves.
  const answer = async <T>(method: string, path: string, asked?: Asked): Promise<T> =>
    (await request(method, path, asked)).body as T;
  const tagged = async <T>(method: string, path: string, asked?: Asked): Promise<Tagged<T>> => {
    const { body, headers } = await request(method, path, asked);
    return { item: body as T, etag: headers.get("etag") ?? "" };
  };
  const pages = async function* <T>(path: string, query: Asked["query"]): AsyncGenerator<T> {
    for (let cursor: string | null = null; ; ) {
      const page: Page<T> = await answer("GET", path, { query: { ...query, cursor: cursor ?? undefined } });
      yield* page.data;
      cursor = page.next_cursor;
      if (cursor === null) return;
    }
  };
  const change = (method: "PUT" | "PATCH", id: string, body: Partial<Automation>, { ifMatch, live }: ChangeOptions) =>
    tagged<AutomationAnswer>(method, `/v1/automations/${at(id)}`, {
      body,
      query: { live },
      headers: ifMatch === undefined ? {} : { "if-match": ifMatch },
    });

  return {
    /** Any call of the API, as `/docs` has it. */
    request,
    events: {
      /** Sends an event. With an `id` of yours it happens once, however often it is sent. */
      send: (event: Event): Promise<EventAnswer> => answer("POST", "/v1/events", { body: event }),
      /** Up to 500 events: for each, in its place, the answer or what is wrong with it. */
      batch: async (events: readonly Event[]): Promise<(EventAnswer | Problem)[]> => {
        const { results } = await answer<{ results: (EventAnswer | Problem)[] }>("POST", "/v1/events/batch", {
          body: { events },
        });
        return results;
      },
    },
    users: {
      get: (id: string): Promise<User> => answer("GET", `/v1/users/${at(id)}`),
      /** Makes a user, or merges attributes into one. */
      put: (id: string, attributes: UserAttributes): Promise<ListedUser> =>
        answer("PUT", `/v1/users/${at(id)}`, { body: attributes }),
      /** Gives everything of another user to this one; the other is gone. */
      merge: (id: string, from: string): Promise<ListedUser> =>
        answer("POST", `/v1/users/${at(id)}/merge`, { body: { from } }),
      /** Erases all that is held of a user. */
      delete: (id: string): Promise<void> => answer("DELETE", `/v1/users/${at(id)}`),
      list: (query: PageQuery & { q?: string; tag?: string; segment?: string; course?: string } = {}) =>
        answer<Page<ListedUser>>("GET", "/v1/users", { query: { ...query } }),
      /** Every user, page by page. */
      all: (query: { q?: string; tag?: string; segment?: string; course?: string } = {}) =>
        pages<ListedUser>("/v1/users", query),
    },
    automations: {
      get: (id: string) => tagged<AutomationAnswer>("GET", `/v1/automations/${at(id)}`),
      create: (automation: Automation): Promise<AutomationAnswer> =>
        answer("POST", "/v1/automations", { body: automation }),
      put: (id: string, automation: Automation, options: ChangeOptions = {}) => change("PUT", id, automation, options),
      patch: (id: string, part: Partial<Automation>, options: ChangeOptions = {}) => change("PATCH", id, part, options),
      delete: (id: string): Promise<void> => answer("DELETE", `/v1/automations/${at(id)}`),
      list: (query: PageQuery & { q?: string; active?: boolean; trigger?: string } = {}) =>
        answer<Page<AutomationAnswer>>("GET", "/v1/automations", { query: { ...query } }),
      all: (query: { q?: string; active?: boolean; trigger?: string } = {}) =>
        pages<AutomationAnswer>("/v1/automations", query),
    },
    runs: {
      get: (id: string): Promise<Run> => answer("GET", `/v1/runs/${at(id)}`),
      list: (query: PageQuery & { user?: string; automation?: string; status?: string; since?: string } = {}) =>
        answer<Page<Run>>("GET", "/v1/runs", { query: { ...query } }),
    },
    jobs: {
      get: (id: string): Promise<Job> => answer("GET", `/v1/jobs/${at(id)}`),
    },
  };
}
