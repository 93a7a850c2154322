import { FUNCTIONS } from "./moodle/functions";
import { invalidParameter, MoodleException, missingRecord, moodleException, nested, noAccess } from "./moodle/php";
import { MoodleState, SITE } from "./moodle/state";

export { MoodleState, STUDENT } from "./moodle/state";

/*
 * A Moodle 4.5 for tests, as strict as the real one, from what was recorded of that. It asks for no clock and no
 * network of its own: a test hands requests in, and so does a server on loopback.
 */

/** What goes wrong on the way, by counting calls. */
export interface Trouble {
  /** Each so many-th call is answered 503 and not done: 20 is 5 %. */
  refuseEvery?: number;
  /** Each so many-th call is done, and its answer lost: 504. */
  loseEvery?: number;
  /** So long each call takes, ms. */
  delayMs?: number;
}

export interface FakeCall {
  name: string;
  /** As the form had them, the token and the format left out. */
  parameters: Record<string, string>;
}

export class FakeMoodle {
  readonly state = new MoodleState();
  /** What was called, in order. */
  readonly calls: FakeCall[] = [];
  /** Calls that no client may make, in words: a test looks that there are none. */
  readonly wrongs: string[] = [];
  trouble: Trouble = {};
  #count = 0;

  /** @param now ms since 1970 */
  constructor(private readonly now: () => number = () => Date.UTC(2026, 10, 26)) {
    const { state } = this;
    state.addCourse({ id: SITE, fullname: "School", manual: false });
    state.addUser({ id: 1, username: "guest", fullname: "Guest user", email: "root@localhost" });
    state.addUser({ id: 2, username: "admin", fullname: "Admin User", isAdmin: true });
    state.addUser({ id: 3, username: "schoolbell", fullname: "School bell" });
    state.addToken(TOKEN);
  }

  /** Names of the functions called so far. */
  get called(): string[] {
    return this.calls.map(({ name }) => name);
  }

  /** As `fetch` is called. */
  readonly fetch = (url: string, init?: RequestInit): Promise<Response> => this.handle(new Request(url, init));

  async handle(request: Request): Promise<Response> {
    const { state, trouble } = this;
    this.#count += 1;
    if (trouble.delayMs) await new Promise((resume) => setTimeout(resume, trouble.delayMs));
    request.signal.throwIfAborted();
    if (!new URL(request.url).pathname.endsWith("/webservice/rest/server.php"))
      return new Response("<html>Not Found</html>", { status: 404, headers: { "content-type": "text/html" } });
    if (!state.rest) return new Response(null, { status: 403, headers: { "content-type": "text/html" } });
    if (isNth(this.#count, trouble.refuseEvery)) return new Response("Service Unavailable", { status: 503 });
    const answer = await this.#answer(request);
    return isNth(this.#count, trouble.loseEvery) ? new Response("Gateway Timeout", { status: 504 }) : answer;
  }

  async #answer(request: Request): Promise<Response> {
    const form = await this.#formOf(request);
    const { wstoken, wsfunction, moodlewsrestformat, ...rest } = Object.fromEntries(form);
    const isJson = moodlewsrestformat === "json";
    if (!isJson) this.wrongs.push("the format is not json");
    try {
      const answer = this.#run(wstoken, wsfunction, rest, [...form]);
      return isJson ? Response.json(answer) : xml(`<RESPONSE>${JSON.stringify(answer)}</RESPONSE>`);
    } catch (fault) {
      if (!(fault instanceof MoodleException)) throw fault;
      const { exception, errorcode, message } = fault;
      if (isJson) return Response.json({ exception, ...(errorcode === undefined ? {} : { errorcode }), message });
      return xml(`<EXCEPTION class="${exception}"><ERRORCODE>${errorcode}</ERRORCODE></EXCEPTION>`);
    }
  }

  /** A body that is not a form says nothing to PHP. */
  async #formOf(request: Request): Promise<URLSearchParams> {
    const type = request.headers.get("content-type") ?? "";
    const text = await request.text();
    if (request.method === "POST" && type.startsWith("application/x-www-form-urlencoded"))
      return new URLSearchParams(text);
    this.wrongs.push(`a ${request.method} of ${type || "no type"}`);
    return new URL(request.url).searchParams;
  }

  #run(
    wstoken: string | undefined,
    name: string | undefined,
    parameters: Record<string, string>,
    form: [string, string][],
  ): unknown {
    const { state } = this;
    const token = state.tokens.get(wstoken ?? "");
    if (!token) throw moodleException("invalidtoken", "Invalid token - token not found");
    if (token.expired || token.without.has("webservice/rest:use")) throw noAccess();
    if (state.maintenance) throw moodleException("sitemaintenance", "The site is undergoing maintenance");
    const known = name !== undefined && Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (!known || name === undefined) {
      this.wrongs.push(`there is no function ${name}`);
      throw missingRecord("external_functions");
    }
    this.calls.push({ name, parameters });
    if (token.outside.has(name)) throw noAccess();
    const given = known.parameters.safeParse(nested(form.filter(([key]) => !PROTOCOL.has(key))));
    if (!given.success) {
      this.wrongs.push(`${name}: ${given.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`)}`);
      throw invalidParameter();
    }
    return known.run({ state, token, now: Math.floor(this.now() / 1_000) }, given.data);
  }
}

/** The token that is there from the beginning: its user may do everything. */
export const TOKEN = "0123456789abcdef0123456789abcdef";

const PROTOCOL = new Set(["wstoken", "wsfunction", "moodlewsrestformat"]);

const isNth = (count: number, every: number | undefined): boolean => every !== undefined && count % every === 0;

const xml = (body: string) =>
  new Response(`<?xml version="1.0" encoding="UTF-8" ?>\n${body}\n`, {
    headers: { "content-type": "application/xml; charset=utf-8" },
  });
