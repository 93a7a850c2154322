import { z } from "zod";
import { referenceOf, userObject } from "../calls/stub";
import { readEntries } from "../jobs/chunks";
import { defineJob, type JobKind } from "../jobs/define";

const params = z.object({ automation: z.string(), total: z.number() });

const listed = defineJob({
  name: "enrol",
  params,
  source: ({ total }) => ({
    total: async () => total,
    next: async (scene, after, limit) =>
      (await readEntries(scene, after, limit)).map(({ cursor, text }) => ({
        cursor,
        place: { user: text },
        key: text,
        value: text,
      })),
  }),
  perform: async ({ env, school, job }, { automation }, user: string) => {
    await userObject(env, school, user).change(
      referenceOf(school),
      { kind: "enrol", automation },
      { creates: false, once: job },
    );
    return null;
  },
});

/** Starts an automation for users now. */
export const enrolJob: JobKind<{ automation: string; users: readonly string[] }> = {
  name: listed.name,
  ready: ({ automation, users }) => ({
    ...listed.ready({ automation, total: users.length }),
    entries: users.map((user, index) => [index, user]),
  }),
  read: listed.read,
};
