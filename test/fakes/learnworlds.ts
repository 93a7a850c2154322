import { z } from "zod";

/*
 * A LearnWorlds school that takes nothing for granted: what its documents ask for is asked for, what they do not name is
 * refused, and every slip is kept in `mistakes` for a test to fail by. Pure but for its own state: its clock and its
 * chance are passed in.
 */

type Encoding = "data" | "json" | "form";
type ProductType = "course" | "bundle" | "subscription";

export interface FakeOptions {
  /** Its clock, ms. */
  now(): number;
  /** The one way in which it reads credentials. */
  encoding?: Encoding;
  tokenLifeS?: number;
  /** How often a job is answered with `in-progress` before it ends. */
  jobLooks?: number;
  jobsFail?: boolean;
  /** The share of requests answered 503, by numbers from 0 to 1. */
  failing?: { share: number; random(): number };
  /** Passes before each answer. */
  delay?(): Promise<void>;
  /** Tells of what happens as its webhooks do. */
  tell?(webhook: unknown): void;
}

export interface FakeRequest {
  at: number;
  method: string;
  path: string;
  query: Record<string, string>;
  headers: Headers;
  body: unknown;
  status: number;
}

interface User {
  id: string;
  email: string;
  username: string;
  created: number;
  is_suspended: boolean;
  tags: Set<string>;
  /** `<type> <id>` and what was paid. */
  products: Map<string, number>;
  /** `<course> <unit>`. */
  completed: Set<string>;
}

interface Product {
  id: string;
  title: string;
  courseImage?: string;
  units?: string[];
}

export const CLIENT = { client_id: "lw-client", client_secret: "lw-secret" };
const LIMIT = { requests: 30, withinMs: 10_000 };
const PAGE = 20;

class Refusal {
  constructor(
    readonly status: number,
    readonly body: unknown,
  ) {}
}
const listed = (status: number, context: string, message: string) =>
  new Refusal(status, { errors: [{ code: status, context, message }], success: false });
const single = (status: number, error: string) => new Refusal(status, { error });

const units = z.array(z.string());
const product = { productId: z.string(), productType: z.enum(["course", "bundle", "subscription"]) };
const bodies = {
  tags: z.strictObject({ tags: z.array(z.string()).min(1), action: z.enum(["attach", "detach"]) }),
  enrol: z.strictObject({
    ...product,
    price: z.number().min(0),
    justification: z.string().optional(),
    send_enrollment_email: z.boolean().nullish(),
    duration: z.number().int().min(1).optional(),
    duration_type: z.enum(["months", "weeks", "days"]).optional(),
  }),
  leave: z.strictObject(product),
  complete: z.strictObject({ units, send_course_complete_email: z.boolean() }),
  reset: z.strictObject({ units }),
  seatAdd: z.strictObject({ add_to_active_seat: z.boolean().default(false) }),
  seatRemove: z.strictObject({ remove_from_seat_offering: z.boolean().default(false) }),
  space: z.strictObject({ uids: z.array(z.string()).min(1) }),
  none: z.undefined(),
};

const credentials = z.strictObject({
  client_id: z.literal(CLIENT.client_id),
  client_secret: z.literal(CLIENT.client_secret),
  grant_type: z.literal("client_credentials"),
});

export class FakeLearnworlds {
  readonly requests: FakeRequest[] = [];
  /** What nobody who keeps to the documents would ask. */
  readonly mistakes: string[] = [];
  readonly users = new Map<string, User>();
  readonly products = new Map<string, Product>();
  readonly groups = new Map<string, { title: string; members: Set<string> }>();
  /** Of a seat offering: who is a member, and whether on an active seat. */
  readonly seats = new Map<string, { seats: number; members: Map<string, boolean> }>();
  readonly spaces = new Map<string, { invites: boolean; members: Set<string>; invited: Set<string> }>();
  readonly payments: { user: string; product: string; price: number }[] = [];
  /** Rights that the API client lacks, by the first part of the path: "users", "courses". */
  readonly forbidden = new Set<string>();
  readonly #jobs = new Map<string, { looks: number; done: number }>();
  readonly #tokens = new Map<string, number>();
  readonly #options: FakeOptions;
  #made = 0;
  #times: number[] = [];

  constructor(options: FakeOptions) {
    this.#options = options;
  }

  addUser(id: string, email = `${id}@example.com`): User {
    const created = this.#options.now() / 1_000 + 0.25;
    const user = { id, email, username: email.split("@", 1).join(), created, is_suspended: false };
    const whole: User = { ...user, tags: new Set(), products: new Map(), completed: new Set() };
    this.users.set(id, whole);
    return whole;
  }

  addProduct(type: ProductType, id: string, more: Partial<Product> = {}): void {
    this.products.set(`${type} ${id}`, { id, title: `The ${type} ${id}`, ...more });
  }

  /** Ends every token that was given. */
  endTokens(): void {
    this.#tokens.clear();
  }

  /** As `fetch`, for the one who calls. */
  readonly call = (url: string, init: RequestInit): Promise<Response> => this.fetch(new Request(url, init));

  async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const text = await request.text();
    const at = this.#options.now();
    await this.#options.delay?.();
    const path = decodeURI(url.pathname);
    const query = Object.fromEntries(url.searchParams);
    const isToken = url.pathname === "/admin/api/oauth2/access_token";
    const noted = { at, method: request.method, path, query, headers: request.headers, body: undefined, status: 0 };
    const heard: FakeRequest = noted;
    this.requests.push(heard);
    try {
      this.#count(at);
      const { failing } = this.#options;
      if (failing && failing.random() < failing.share) throw single(503, "Service Unavailable");
      if (isToken) heard.body = text;
      else if (text !== "") heard.body = this.#json(request, text);
      const answer = isToken ? this.#signIn(request, text) : this.#route(heard, url.pathname);
      heard.status = answer === undefined ? 204 : 200;
      return answer === undefined ? new Response(null, { status: 204 }) : Response.json(answer);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      heard.status = error.status;
      if (error.status === 400 || error.status === 405 || error.status === 422)
        if (!isToken) this.mistakes.push(`${request.method} ${path}: ${JSON.stringify(error.body)}`);
      return Response.json(error.body, { status: error.status });
    }
  }

  #count(at: number): void {
    this.#times = this.#times.filter((time) => time > at - LIMIT.withinMs);
    if (this.#times.length >= LIMIT.requests) throw single(429, "Too many requests");
    this.#times.push(at);
  }

  #json(request: Request, text: string): unknown {
    if (request.headers.get("content-type") !== "application/json") throw single(400, "the body is not JSON");
    return JSON.parse(text);
  }

  #signIn(request: Request, text: string): unknown {
    const { encoding = "data", tokenLifeS = 3_600, now } = this.#options;
    const type = request.headers.get("content-type") ?? "";
    const form = Object.fromEntries(new URLSearchParams(text));
    const isForm = type === "application/x-www-form-urlencoded";
    const given = {
      data: isForm && form.data !== undefined ? JSON.parse(form.data) : undefined,
      json: type === "application/json" ? JSON.parse(text) : undefined,
      form: isForm ? form : undefined,
    }[encoding];
    if (request.method !== "POST" || request.headers.get("lw-client") !== CLIENT.client_id)
      throw listed(400, "access_denied", "Invalid client");
    if (!credentials.safeParse(given).success) throw listed(400, "access_denied", "Invalid client credentials");
    const token = `token-${++this.#made}`;
    this.#tokens.set(token, now() + tokenLifeS * 1_000);
    return { success: true, tokenData: { access_token: token, token_type: "Bearer", expires_in: tokenLifeS } };
  }

  #route(heard: FakeRequest, pathname: string): unknown {
    const { method, headers, query, body } = heard;
    const token = /^Bearer (.+)$/.exec(headers.get("authorization") ?? "")?.[1];
    if (token === undefined || headers.get("lw-client") !== CLIENT.client_id) {
      this.mistakes.push(`${method} ${pathname}: without both headers`);
      throw listed(401, "unauthorized", "Missing credentials");
    }
    if ((this.#tokens.get(token) ?? 0) <= this.#options.now()) throw listed(401, "unauthorized", "Invalid token");
    const parts = pathname
      .replace(/^\/admin\/api\/v2\//, "")
      .split("/")
      .map(decodeURIComponent);
    if (!pathname.startsWith("/admin/api/v2/") || parts.includes("")) throw this.#nowhere(heard);
    if (this.forbidden.has(parts[0] ?? "")) throw single(403, "Forbidden");
    // Ids stand where the routes have a star.
    const ways: [string, (ids: string[]) => unknown][] = [
      [
        "GET users",
        () =>
          this.#page(
            query,
            this.#usersBy(() => true, query),
            ["items_per_page", "include_suspended"],
          ),
      ],
      ["GET users *", ([id]) => shown(this.#user(id))],
      ["PUT users * tags", ([id]) => this.#tag(this.#user(id), read(bodies.tags, body))],
      ["POST users * enrollment", ([id]) => this.#enrol(this.#user(id), read(bodies.enrol, body))],
      ["DELETE users * enrollment", ([id]) => this.#leave(this.#user(id), read(bodies.leave, body))],
      [
        "POST users * courses * complete",
        ([id, course]) => this.#progress(id, course, read(bodies.complete, body), true),
      ],
      ["POST users * courses * reset", ([id, course]) => this.#progress(id, course, read(bodies.reset, body), false)],
      ["GET async-actions *", ([id]) => this.#look(id)],
      ["GET courses", () => this.#page(query, this.#of("course"), [])],
      ["GET courses * users", ([id]) => this.#inCourse(id, query)],
      [
        "GET user_groups",
        () =>
          this.#page(
            query,
            [...this.groups].map(([id, { title }]) => ({ id, title })),
            [],
          ),
      ],
      ["POST user_groups * users *", ([id, uid]) => this.#join(id, uid, body)],
      ["DELETE user_groups * users *", ([id, uid]) => this.#part(id, uid, body)],
      ["POST seats * users *", ([id, uid]) => this.#seat(id, uid, read(bodies.seatAdd, body ?? {}).add_to_active_seat)],
      ["DELETE seats * users *", ([id, uid]) => this.#unseat(id, uid, read(bodies.seatRemove, body ?? {}))],
      ["POST community spaces * users", ([id]) => this.#enter(id, read(bodies.space, body).uids)],
      ["DELETE community spaces * users *", ([id, uid]) => this.#exit(id, uid, body)],
    ];
    for (const [name, carry] of ways) {
      const [verb, ...pattern] = name.split(" ");
      const fits = verb === method && pattern.length === parts.length;
      if (fits && pattern.every((part, at) => part === "*" || part === parts[at]))
        return carry(parts.filter((_, at) => pattern[at] === "*"));
    }
    throw this.#nowhere(heard);
  }

  /** No path of theirs: to call it is a mistake, not news of what there is. */
  #nowhere({ method, path }: FakeRequest): Refusal {
    this.mistakes.push(`${method} ${path}: there is no such call`);
    return single(404, "Not found");
  }

  /** By id or address. */
  #user(id = ""): User {
    const user = this.users.get(id) ?? [...this.users.values()].find(({ email }) => email === id);
    if (!user) throw listed(404, "not_found", "User not found");
    return user;
  }

  #product(type: ProductType, id = ""): Product {
    const found = this.products.get(`${type} ${id}`);
    if (!found) throw listed(404, "not_found", `${type} not found`);
    return found;
  }

  #of(type: ProductType): Product[] {
    return [...this.products].flatMap(([key, one]) => (key.startsWith(`${type} `) ? [one] : []));
  }

  #usersBy(which: (user: User) => boolean, query: Record<string, string>): unknown[] {
    const all = [...this.users.values()].filter(which);
    return all.filter(({ is_suspended }) => !is_suspended || query.include_suspended === "true").map(shown);
  }

  /** Beyond its end a list answers with its last page again. */
  #page(query: Record<string, string>, items: unknown[], allowed: string[]): unknown {
    const unknown = Object.keys(query).filter((key) => key !== "page" && !allowed.includes(key));
    if (unknown.length) throw listed(422, "invalid", `unknown: ${unknown.join()}`);
    const itemsPerPage = Number(query.items_per_page ?? PAGE);
    const totalPages = Math.ceil(items.length / itemsPerPage);
    const page = Math.max(1, Math.min(Number(query.page ?? 1), totalPages));
    return {
      data: items.slice((page - 1) * itemsPerPage, page * itemsPerPage),
      meta: { page, totalItems: items.length, totalPages, itemsPerPage },
    };
  }

  #tag(user: User, { tags, action }: z.output<typeof bodies.tags>): unknown {
    for (const tag of tags) {
      if (action === "attach") user.tags.add(tag);
      else user.tags.delete(tag);
    }
    return shown(user);
  }

  #enrol(user: User, wanted: z.output<typeof bodies.enrol>): unknown {
    const { productId, productType, price, duration, duration_type } = wanted;
    if ((duration === undefined) !== (duration_type === undefined)) throw listed(422, "invalid", "half a duration");
    if (duration !== undefined && productType !== "subscription")
      throw listed(422, "invalid", "a duration is for subscriptions only");
    this.#product(productType, productId);
    const key = `${productType} ${productId}`;
    if (user.products.has(key)) throw listed(409, "conflict", "User is already enrolled");
    user.products.set(key, price);
    if (price > 0) this.payments.push({ user: user.id, product: key, price });
    this.#options.tell?.(this.#bought(user, { id: productId, type: productType }, price));
    return { success: true };
  }

  /** What an enrolment by hand, or through the API, comes back as. */
  #bought(user: User, of: { id: string; type: ProductType }, price: number): unknown {
    const at = this.#options.now() / 1_000;
    const id = (++this.#made).toString(16).padStart(24, "0");
    const by = { gateway: null, transaction_id: "Added by admin", coupon: null };
    const payment = { id, ...by, price, created: at, paid_at: at, product: of, type: "one-off", user_id: user.id };
    return {
      version: 2,
      type: "productBought",
      trigger: "new_purchase",
      data: { payment, user: { id: user.id, email: user.email } },
    };
  }

  #leave(user: User, { productId, productType }: z.output<typeof bodies.leave>): undefined {
    this.#product(productType, productId);
    user.products.delete(`${productType} ${productId}`);
  }

  #progress(id: string | undefined, course: string | undefined, given: { units: string[] }, done: boolean): unknown {
    const user = this.#user(id);
    const all = this.#product("course", course).units ?? [];
    const meant = given.units.length ? given.units : all;
    if (meant.some((unit) => !all.includes(unit))) throw listed(422, "invalid", "no such unit");
    for (const unit of meant) {
      if (done) user.completed.add(`${course} ${unit}`);
      else user.completed.delete(`${course} ${unit}`);
    }
    const job = `job-${++this.#made}`;
    this.#jobs.set(job, { looks: this.#options.jobLooks ?? 0, done: meant.length });
    return { async: true, job_id: job };
  }

  #look(id = ""): unknown {
    const job = this.#jobs.get(id);
    if (!job) throw listed(404, "not_found", "No such action");
    if (job.looks-- > 0) return { state: "in-progress", errors: [], results: {} };
    if (this.#options.jobsFail) return { state: "failed", errors: [{ message: "unit is locked" }], results: {} };
    return { state: "completed", errors: [], results: { numOfUnitsCompleted: job.done, numOfUnitsSkipped: 0 } };
  }

  #inCourse(id: string | undefined, query: Record<string, string>): unknown {
    this.#product("course", id);
    const users = this.#usersBy((user) => user.products.has(`course ${id}`), query);
    return this.#page(query, users, ["items_per_page", "include_suspended"]);
  }

  #group(id = "") {
    const group = this.groups.get(id);
    if (!group) throw listed(404, "not_found", "Group not found");
    return group;
  }

  #join(id: string | undefined, uid: string | undefined, body: unknown): unknown {
    read(bodies.none, body);
    this.#group(id).members.add(this.#user(uid).id);
    return { success: true };
  }

  #part(id: string | undefined, uid: string | undefined, body: unknown): undefined {
    read(bodies.none, body);
    this.#group(id).members.delete(this.#user(uid).id);
  }

  #offering(id = "") {
    const offering = this.seats.get(id);
    if (!offering) throw listed(404, "not_found", "Seat offering not found");
    return offering;
  }

  #seat(id: string | undefined, uid: string | undefined, isActive: boolean): unknown {
    const { seats, members } = this.#offering(id);
    const user = this.#user(uid);
    const taken = [...members].filter(([member, active]) => active && member !== user.id).length;
    if (isActive && taken >= seats) throw listed(409, "conflict", "No seat is free");
    members.set(user.id, isActive);
    return { success: true };
  }

  #unseat(id: string | undefined, uid: string | undefined, how: z.output<typeof bodies.seatRemove>): undefined {
    const { members } = this.#offering(id);
    const user = this.#user(uid);
    if (how.remove_from_seat_offering) members.delete(user.id);
    else members.set(user.id, false);
  }

  #space(id = "") {
    const space = this.spaces.get(id);
    if (!space) throw listed(404, "not_found", "Space not found");
    return space;
  }

  /** Who is in already is not listed. */
  #enter(id: string | undefined, uids: string[]): unknown {
    const { invites, members, invited } = this.#space(id);
    const news = uids.map((uid) => this.#user(uid)).filter((user) => !members.has(user.id));
    for (const user of news) (invites ? invited : members).add(user.id);
    const users = news.map(({ id, username }) => ({ id, username, status: invites ? "invited" : "member" }));
    return { data: { invitation: invites, users } };
  }

  #exit(id: string | undefined, uid = "", body: unknown = undefined): unknown {
    read(bodies.none, body);
    const { members } = this.#space(id);
    if (uid.includes("@")) throw listed(422, "invalid", "a space is left by the user's id");
    members.delete(this.#user(uid).id);
    return { success: true };
  }
}

const shown = ({ products: _, completed: __, tags, ...user }: User) => ({ ...user, tags: [...tags] });

function read<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const found = schema.safeParse(body);
  if (!found.success) throw listed(422, "invalid", found.error.issues.map(({ message }) => message).join("; "));
  return found.data;
}
