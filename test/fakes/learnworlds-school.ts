import type { Change } from "../../src/catalogue/facts/changes";
import type { Parcel, SendResult } from "../../src/connectors";
import { lmsLearnworlds } from "../../src/connectors/lms/learnworlds";
import type { Tools } from "../../src/connectors/ports";
import { CLIENT, FakeLearnworlds, type FakeOptions } from "./learnworlds";

/* A fake school with the connector set up for it: what tests of the connector begin with. */

export const ANNA = "6130afb278d2c94eeb228d12";
export const SETTINGS = { url: "https://school.acme.com", ...CLIENT };

export class FakeSchool {
  /** Where its clock stands, ms; so stands the connector's. */
  now = Date.UTC(2026, 0, 5, 9);
  readonly lms: FakeLearnworlds;
  readonly tools: Tools;
  user: Parcel["user"] = { id: ANNA, email: "anna@example.com", pushTokens: [] };

  constructor(options: Omit<FakeOptions, "now"> = {}, tools: Partial<Tools> = {}) {
    this.lms = new FakeLearnworlds({ ...options, now: () => this.now });
    this.lms.addUser(ANNA, "anna@example.com");
    for (const type of ["course", "bundle", "subscription"] as const)
      this.lms.addProduct(type, `${type}-1`, { units: ["u1", "u2"] });
    this.lms.groups.set("g1", { title: "Group 1", members: new Set() });
    this.lms.seats.set("s1", { seats: 1, members: new Map() });
    this.lms.spaces.set("sp1", { invites: false, members: new Set(), invited: new Set() });
    this.lms.spaces.set("sp2", { invites: true, members: new Set(), invited: new Set() });
    const world = { fetch: this.lms.call, now: () => this.now, env: {}, resolve: null, ownHosts: [] };
    this.tools = { ...world, ...tools };
  }

  get anna() {
    const anna = this.lms.users.get(ANNA);
    if (!anna) throw new Error("she is made with the school");
    return anna;
  }

  /** In the place of `setTimeout`: the time passes at once. */
  pass(ms: number, then: () => void): void {
    this.now += ms;
    queueMicrotask(then);
  }

  /** What was asked of the API, without signing in. */
  get asked(): string[] {
    return this.lms.requests
      .filter(({ path }) => !path.endsWith("access_token"))
      .map(({ method, path, status }) => `${method} ${path.replace("/admin/api/v2", "")} ${status}`);
  }

  send(content: Record<string, unknown>, settings: Record<string, unknown> = SETTINGS): Promise<SendResult> {
    const parcel: Parcel = {
      key: "run_01-s1",
      deliveryId: "dlv_01",
      channel: "lms",
      to: [this.user.id],
      content,
      at: this.now,
      mode: "live",
      school: { id: "acme", name: "Acme", webhookSecrets: [] },
      user: this.user,
      unsubscribeUrl: null,
    };
    return lmsLearnworlds.send(parcel, settings, this.tools);
  }

  change(change: Change, settings?: Record<string, unknown>): Promise<SendResult> {
    const { id } = this.user;
    const at = new Date(this.now).toISOString();
    const whole = { ...change, id: "chg_01", user: id, seq: 1, at, cause: { type: "run", id: "run_01" } };
    return this.send(whole, settings);
  }
}

/** An enrolment's data, but for what is enrolled in. */
export const given = { role: "student", expires_at: null, source: "run" };
