import type { HeldKind } from "../../src/db/deleting/held";
import { env, makeSchool } from "./live";

/* For tests: a test school with a definition of each kind, and people who have something of each. */

/** The path of each kind of definition. */
export const PATHS: Readonly<Record<HeldKind, string>> = {
  automation: "/v1/automations",
  segment_sync: "/v1/segment-syncs",
  auto_group: "/v1/auto-groups",
  segment: "/v1/segments",
  segment_rule: "/v1/segment-rules",
  profile_field: "/v1/profile-fields",
};

export const START = "2026-01-05T09:00:00.000Z";

export const SALES = { field: "department", op: "is", value: "Sales" };

export async function furnishedSchool(mode: "test" | "live" = "test") {
  const school = await makeSchool(mode);
  const made = async (path: string, body: unknown): Promise<string> => {
    const answered = await school.ask("POST", path, body);
    if (answered.status !== 201) throw new Error(answered.text);
    return answered.body.id ?? answered.body.key;
  };
  if (mode === "test")
    await env.DB.prepare("update schools set now = ? where id = ?").bind(Date.parse(START), school.id).run();
  await made("/v1/profile-fields", { key: "department", name: "Department", type: "text" });
  await made("/v1/profile-fields", { key: "spare", name: "Spare", type: "text" });
  await made("/v1/segments", { id: "sellers", name: "Sellers", managed: true });
  await made("/v1/segments", { id: "chosen", name: "Chosen" });
  const ids: Record<HeldKind, string> = {
    automation: await made("/v1/automations", {
      name: "Drip",
      when: [{ type: "tag.added", tags: ["vip"] }],
      then: [
        { type: "wait", for: "P2D" },
        { type: "tags.add", tags: ["warm"] },
      ],
      exit_when: [{ type: "tag.added", tags: ["stop"] }],
    }),
    segment: "chosen",
    segment_rule: await made("/v1/segment-rules", { segment: "sellers", match: "all", where: [SALES] }),
    segment_sync: await made("/v1/segment-syncs", { name: "Sync", segment: "sellers", course: "c1", group: "g1" }),
    auto_group: await made("/v1/auto-groups", { course: "c1", field: "department" }),
    profile_field: "spare",
  };
  const put = (user: string, department: string) =>
    school.ask("PUT", `/v1/users/${user}`, { fields: { department, spare: "x" } });
  await put("anna", "Sales");
  await put("ben", "IT");
  await school.ask("PUT", "/v1/segments/chosen/members/anna");
  return {
    ...school,
    ids,
    put,
    at: (kind: HeldKind) => `${PATHS[kind]}/${ids[kind]}`,
    /** Deletes it later; answers with what will follow. */
    hold: (kind: HeldKind, hold = "PT1H") => school.ask("DELETE", `${PATHS[kind]}/${ids[kind]}?hold=${hold}`),
    restore: (kind: HeldKind) => school.ask("POST", `${PATHS[kind]}/${ids[kind]}/restore`),
    /** Moves the clock, as often as it takes. */
    advance: async (advance: string): Promise<string> => {
      let answered = await school.ask("POST", "/v1/test-clock", { advance });
      while (answered.body.more) answered = await school.ask("POST", "/v1/test-clock", { to: answered.body.to });
      return answered.body.now;
    },
    user: async (id: string) => (await school.ask("GET", `/v1/users/${id}`)).body,
    listed: async (kind: HeldKind, query = "") =>
      (await school.ask("GET", `${PATHS[kind]}?limit=100${query}`)).body.data.map(
        (one: { id?: string; key?: string }) => one.id ?? one.key,
      ) as string[],
  };
}

export type Furnished = Awaited<ReturnType<typeof furnishedSchool>>;
