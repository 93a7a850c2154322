// Rows 43–47: definitions that break the schema or its limits.
import { made, many, TAG } from "./definition.mjs";

const nest = (depth, wrap, core) => many(depth, (n) => n).reduce((inner) => wrap(inner), core);
const paths = ({ json }) => (json?.errors ?? []).map(({ path }) => path);

export const definitions = {
  43: async ({ refused, holds }) => {
    const answer = await refused(
      "what is not the sender's",
      422,
      made({ school: "b", version: 99, id: "aut_x", run_count: 5, actve: true }),
    );
    for (const field of ["school", "version", "id", "run_count", "actve"])
      holds(`a path of ${field}`, paths(answer).includes(`/${field}`));
  },
  44: async ({ refused, holds }) => {
    const isPaying = { type: "user.is_paying" };
    for (const [what, differs, path] of [
      ["no trigger", { when: [] }, "/when"],
      ["11 triggers", { when: many(11, () => ({ type: "user.signed_up" })) }, "/when"],
      ["101 steps", { then: many(101, () => TAG) }, "/then"],
      [
        "branches 6 deep",
        { then: [nest(6, (inner) => ({ type: "branch", if: isPaying, yes: [inner], no: [] }), TAG)] },
        "/then",
      ],
      ["only_if 6 deep", { only_if: nest(6, (inner) => ({ not: inner }), isPaying) }, "/only_if"],
      ["10,000 conditions", { only_if: { any: many(5_000, () => isPaying) } }, "/only_if"],
    ])
      holds(
        `${what}: the path`,
        paths(await refused(what, 422, made(differs))).some((one) => one.startsWith(path)),
      );
    await refused("over 256 KiB", 413, made({ description: "x".repeat(256 * 1_024) }));
  },
  45: async ({ refused, taken, holds, note }) => {
    for (const [what, differs] of [
      [
        "the same step id",
        {
          then: [
            { ...TAG, id: "s1" },
            { ...TAG, id: "s1" },
          ],
        },
      ],
      ["a blank in a step id", { then: [{ ...TAG, id: "a b" }] }],
      ["a dot in a step id", { then: [{ ...TAG, id: "a.b" }] }],
      ["a step id of 200", { then: [{ ...TAG, id: "a".repeat(200) }] }],
      [
        "60 + 60",
        {
          then: [
            {
              type: "split",
              paths: [
                { percent: 60, steps: [] },
                { percent: 60, steps: [] },
              ],
            },
          ],
        },
      ],
      [
        "an action out of its place",
        { when: [{ type: "course.enrolled" }], then: [{ type: "tags.add_email_domain" }] },
      ],
      [
        "a condition out of its place",
        { when: [{ type: "tag.added", tags: ["x"] }], only_if: { type: "inactivity.matches", enrolled_in: ["c"] } },
      ],
    ])
      await refused(what, 422, made(differs));
    note(
      "a branch whose `if` can never hold is no warning of the contract (§13 names four): a path of 0 % is tried instead",
    );
    const saved = await taken(
      "a path of 0 %",
      made({
        then: [
          {
            type: "split",
            paths: [
              { percent: 0, steps: [TAG] },
              { percent: 100, steps: [] },
            ],
          },
        ],
      }),
      201,
    );
    holds(
      "a warning",
      saved?.warnings.some(({ code }) => code === "unreachable"),
    );
  },
  46: async ({ refused }) => {
    for (const time of ["-P1D", "P", "1d", "PT1e300S", "P9999Y", 5])
      await refused(`for ${time}`, 422, made({ then: [{ type: "wait", for: time }] }));
    await refused("for and until", 422, made({ then: [{ type: "wait", for: "P1D", until: "2027-01-01T00:00" }] }));
    await refused("neither", 422, made({ then: [{ type: "wait" }] }));
    await refused("after 2189", 422, made({ then: [{ type: "wait", until: "2400-01-01T00:00" }] }));
  },
  47: async ({ refused }) => {
    for (const until_field of ["__proto__", "fields.__proto__.x", "user[0]"])
      await refused(until_field, 422, made({ then: [{ type: "wait", until_field }] }));
    const window = { days: ["mon"], from: "09:00", to: "17:00" };
    await refused("25:00", 422, made({ then: [{ type: "wait", for: "P1D", window: { ...window, from: "25:00" } }] }));
    await refused("xyz", 422, made({ then: [{ type: "wait", for: "P1D", window: { ...window, days: ["xyz"] } }] }));
    await refused("the school's zone", 422, {
      method: "PATCH",
      path: "/v1/school",
      body: { settings: { timezone: "Mars/Base" } },
    });
    await refused("a user's zone", 422, { method: "PUT", path: "/v1/users/u1", body: { timezone: "Mars/Base" } });
  },
};
