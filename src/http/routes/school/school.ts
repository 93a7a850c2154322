import * as z from "zod";
import { invalid, Problem, pointer } from "../../../base/errors/errors";
import { isRecord } from "../../../definition/types";
import { ownSchoolDocument, toOwnSchoolDocument } from "../../../schools/document";
import type { KeyScope } from "../../../schools/keys/api-keys";
import { changeSchool } from "../../../schools/life/change";
import { heldUpIn } from "../../../schools/life/pause";
import { faultsOfOwners } from "../../../schools/owners";
import { faultsOfSecrets } from "../../../world/connectors";
import { SCOPES_OF_SETTINGS, settingsChange } from "../../../world/settings";
import { forgetOrigins } from "../../access/cors";
import { whoOf } from "../../access/credentials";
import { alsoOfFaulty, MIB } from "../../reading/body";
import { defineRoute, ok } from "../../route";
import { flag, onlyWith } from "../flag";
import { schoolName } from "../platform/schools";

const change = z
  .strictObject({
    name: schoolName.optional(),
    paused: z.boolean().optional().meta({
      description: "True: what would start or go on is held, and no message leaves. False: it goes on.",
    }),
    held: z.literal("exit").optional().meta({ description: "With `paused: false`: what was held exits." }),
    settings: settingsChange().optional(),
  })
  .refine(({ paused, held }) => held === undefined || paused === false, {
    path: ["held"],
    message: '"exit", together with paused: false',
    when: alsoOfFaulty,
  });

const heldUp = z
  .object({
    runs: z.int().meta({ description: "Live runs that would be held or, in a paused school, that the pause holds." }),
    mails: z.int().meta({ description: "Messages that have not left." }),
  })
  .meta({ description: "Of a dry run." });

const SCOPES_OF_SCHOOL = { name: "write", paused: "admin", held: "admin" } as const;

/** What of a record asks for which scope. */
const scopesAsked = (within: string[], given: Record<string, unknown>, scopes: Readonly<Record<string, KeyScope>>) =>
  Object.entries(scopes).flatMap(([name, scope]) =>
    Object.hasOwn(given, name) ? [{ place: [...within, name], scope }] : [],
  );

/** 403 where a part of a change asks for a scope that its maker lacks: nothing of it is done then. */
function requireScopes(sent: unknown, scopes: readonly KeyScope[]): void {
  const { settings, ...top } = isRecord(sent) ? sent : {};
  // What a school does not have asks for no scope: it is a fault.
  const asked = [
    ...scopesAsked([], top, SCOPES_OF_SCHOOL),
    ...scopesAsked(["settings"], isRecord(settings) ? settings : {}, SCOPES_OF_SETTINGS),
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
    answers: () => ({ 200: ownSchoolDocument() }),
    handle: ({ env, school, credential }) => ok(toOwnSchoolDocument(env, school, credential.scopes)),
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
      `Each setting asks for its own scope: ${byAdmin.join(", ")} for admin, the others for write. ` +
      "`paused` asks for admin: while a school is paused events are taken and state is kept, segments, syncs and ends of " +
      "enrolments go on, and the LMS hears of them; runs that would start, and waits that end, are `held` with the reason " +
      '`paused`. `{paused: false}` lets them go on, with `held: "exit"` they exit. `dry_run` only counts them.',
    // Fifty pieces of 5,000 characters come as a whole, in whatever script.
    limitBytes: MIB,
    query: z.object({ dry_run: flag.meta({ description: "Only counts what a change of `paused` is about." }) }),
    requires: ({ scopes }, { body }) => requireScopes(body, scopes),
    body: change,
    faultsBeside: async ({ env, school }, _, { settings }) => {
      if (!isRecord(settings)) return [];
      const { connectors, collaborators } = settings;
      return [
        ...faultsOfOwners(school, collaborators),
        ...(isRecord(connectors) ? await faultsOfSecrets(env, school, connectors) : []),
      ];
    },
    // It holds the hook key.
    answersSecret: true,
    answers: () => ({ 200: onlyWith([ownSchoolDocument(), heldUp], ["", "dry_run"]) }),
    handle: async ({ env, school, query, body, credential }) => {
      if (query.dry_run) {
        if (body.paused === undefined)
          throw invalid([{ path: "/paused", message: "a dry run counts what a pause, or its end, is about" }]);
        return ok(await heldUpIn(env, school, body.paused));
      }
      const changed = await changeSchool(env, school.id, body, whoOf(credential));
      forgetOrigins();
      return ok(toOwnSchoolDocument(env, changed, credential.scopes));
    },
  }),
];
