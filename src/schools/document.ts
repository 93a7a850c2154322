import * as z from "zod";
import { once } from "../base/cache";
import type { Env } from "../base/env";
import { JURISDICTIONS, jurisdictionOf } from "../base/jurisdiction";
import { formatInstant } from "../catalogue/dates/time";
import { quotaOf } from "../world/quota";
import { settingsDocument, toSettingsDocument } from "../world/settings";
import type { School } from "../world/snapshot";
import type { KeyScope } from "./keys/api-keys";

const time = z.string().meta({ format: "date-time" });

/** A school in an answer. */
export const schoolDocument = once(() =>
  z
    .object({
      id: z.string(),
      name: z.string(),
      mode: z.enum(["live", "test"]),
      now: time.nullable().meta({ description: "Where a test school's clock stands; null: real time." }),
      suspended: z.boolean(),
      paused: z.boolean().meta({ description: "What would start or go on is held, and no message leaves." }),
      jurisdiction: z.enum(JURISDICTIONS).nullable().meta({
        description: "Where its objects and its log lie, since it was made; null: wherever they are nearest.",
      }),
      requests_per_minute: z
        .int()
        .nullable()
        .meta({
          description:
            "Its quota: so much may come by all its keys, hooks and learners together, each event of a batch counted, and in ten " +
            "seconds no more than a sixth of it; null: this installation counts none.",
        }),
      settings: settingsDocument(),
      created_at: time,
    })
    .meta({ component: "School" }),
);

/** A school as its own keys see it. */
export const ownSchoolDocument = once(() =>
  schoolDocument()
    .extend({
      hook_key: z.string().nullable().meta({
        description:
          "The last part of the addresses of webhooks inward: /hooks/…/<hook key>. Shown to the scope admin.",
      }),
    })
    .meta({ component: "OwnSchool" }),
);

export const toSchoolDocument = (env: Env, school: School): z.input<ReturnType<typeof schoolDocument>> => ({
  id: school.id,
  name: school.name,
  mode: school.mode,
  now: school.now === null ? null : formatInstant(school.now),
  suspended: school.suspended,
  paused: school.paused,
  jurisdiction: jurisdictionOf(school.epoch),
  requests_per_minute: quotaOf(env, school),
  settings: toSettingsDocument(school.settings),
  created_at: formatInstant(school.createdAt),
});

/** @param scopes of who reads it: whoever has the hook key may send events by it */
export const toOwnSchoolDocument = (
  env: Env,
  school: School,
  scopes: readonly KeyScope[],
): z.input<ReturnType<typeof ownSchoolDocument>> => ({
  ...toSchoolDocument(env, school),
  hook_key: scopes.includes("admin") ? school.edition.hookKey : null,
});
