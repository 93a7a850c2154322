import { z } from "zod";
import { changeSchool } from "../../schools/change";
import { ownSchoolDocument, toOwnSchoolDocument } from "../../schools/document";
import { settingsChange } from "../../world/settings";
import { forgetOrigins } from "../cors";
import { whoOf } from "../credentials";
import { defineRoute, ok } from "../route";
import { schoolName } from "./schools";

/** A school, for its own keys. */
export const schoolRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/school",
    scope: "read",
    summary: "Get the school of the credential.",
    answers: { 200: ownSchoolDocument },
    handle: ({ school }) => ok(toOwnSchoolDocument(school)),
  }),
  defineRoute({
    method: "PATCH",
    path: "/v1/school",
    scope: "write",
    role: "owner",
    summary: "Change the school's name or settings.",
    description:
      "What is left out stays; null goes back to the default. `connectors` are changed by channel. Their secrets are " +
      "never read back, and stay where they are left out.",
    body: z.strictObject({ name: schoolName.optional(), settings: settingsChange.optional() }),
    answers: { 200: ownSchoolDocument },
    handle: async ({ env, school, body, credential }) => {
      const changed = await changeSchool(env, school.id, body, whoOf(credential));
      forgetOrigins();
      return ok(toOwnSchoolDocument(changed));
    },
  }),
];
