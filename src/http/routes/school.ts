import { z } from "zod";
import { Problem, pointer } from "../../base/errors";
import type { KeyScope } from "../../schools/api-keys";
import { changeSchool } from "../../schools/change";
import { ownSchoolDocument, toOwnSchoolDocument } from "../../schools/document";
import { SCOPES_OF_SETTINGS, settingsChange } from "../../world/settings";
import { forgetOrigins } from "../cors";
import { whoOf } from "../credentials";
import { defineRoute, ok } from "../route";
import { schoolName } from "./schools";

const change = z.strictObject({ name: schoolName.optional(), settings: settingsChange.optional() });

/** 403 where a part of a change asks for a scope that its maker lacks: nothing of it is done then. */
function requireScopes({ name, settings = {} }: z.output<typeof change>, scopes: readonly KeyScope[]): void {
  const asked = [
    ...(name === undefined ? [] : [{ place: ["name"], scope: "write" as const }]),
    // Keys of a record that its strict schema let through are the schema's.
    ...(Object.keys(settings) as (keyof typeof settings)[]).map((setting) => ({
      place: ["settings", setting],
      scope: SCOPES_OF_SETTINGS[setting],
    })),
  ].filter(({ scope }) => !scopes.includes(scope));
  if (asked.length === 0) return;
  const lacking = [...new Set(asked.map(({ scope }) => scope))].join(" and ");
  throw new Problem(
    "forbidden",
    `${asked.map(({ place }) => place.join(".")).join(", ")}: to change this takes a key with the scope ${lacking}.`,
    asked.map(({ place, scope }) => ({ path: pointer(place), message: `takes the scope ${scope}` })),
  );
}

const byAdmin = Object.entries(SCOPES_OF_SETTINGS).flatMap(([setting, scope]) => (scope === "admin" ? setting : []));

/** A school, for its own keys. */
export const schoolRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/school",
    scope: "read",
    summary: "Get the school of the credential.",
    answers: { 200: ownSchoolDocument },
    handle: ({ school, credential }) => ok(toOwnSchoolDocument(school, credential.scopes)),
  }),
  defineRoute({
    method: "PATCH",
    path: "/v1/school",
    scope: ["write", "admin"],
    role: "owner",
    summary: "Change the school's name or settings.",
    description:
      "What is left out stays; null goes back to the default. `connectors` are changed by channel. Their secrets are " +
      "never read back, and stay where they are left out. " +
      `Each setting asks for its own scope: ${byAdmin.join(", ")} for admin, the others for write.`,
    body: change,
    // It holds the hook key.
    answersSecret: true,
    answers: { 200: ownSchoolDocument },
    handle: async ({ env, school, body, credential }) => {
      requireScopes(body, credential.scopes);
      const changed = await changeSchool(env, school.id, body, whoOf(credential));
      forgetOrigins();
      return ok(toOwnSchoolDocument(changed, credential.scopes));
    },
  }),
];
