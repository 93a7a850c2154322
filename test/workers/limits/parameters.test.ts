import { expect, test } from "vitest";
import { beyond, countFor } from "../counting";
import { env, liveSchool } from "../live";

/* A statement takes 100 parameters; the local runtime refuses more too, so that it is enough to ask. */

const { school } = liveSchool();

test("lists of a hundred are read by one parameter that names them all", async () => {
  const automations = Array.from({ length: 130 }, (_, n) => ({
    id: `aut_${n}`,
    name: "A",
    when: [{ type: "user.signed_in" }],
    then: [],
  }));
  expect((await school.ask("PUT", "/v1/import", { automations })).status).toBe(200);
  const counts = countFor(school.id);
  const { body } = await school.ask("GET", "/v1/automations?limit=100");
  expect(body.data).toHaveLength(100);
  expect(beyond(counts)).toEqual([]);
});

test("settings with as many origins and collaborators as there may be are kept, and changed", async () => {
  const allowed_origins = Array.from({ length: 100 }, (_, n) => `https://school-${n}.com`);
  const collaborators = Array.from({ length: 200 }, (_, n) => ({ email: `c${n}@school.com`, role: "editor" }));
  const counts = countFor(school.id);
  for (const settings of [{ allowed_origins, collaborators }, { allowed_origins: allowed_origins.slice(1) }]) {
    const { status, text } = await school.ask("PATCH", "/v1/school", { settings });
    expect(status, text).toBe(200);
  }
  expect(beyond(counts)).toEqual([]);
});

test("a user with as many tags as there may be is told of, listed and erased", async () => {
  const tag = Array.from({ length: 200 }, (_, n) => `${n}-${"t".repeat(100)}`);
  for (const event of [{ tag }, { tag: tag.map((one) => `b${one}`) }]) await school.event("tag.added", "anna", event);
  const counts = countFor(school.id);
  expect((await school.ask("GET", "/v1/users/anna/export")).status).toBe(200);
  expect((await school.ask("DELETE", "/v1/users/anna")).status).toBe(204);
  expect(beyond(counts)).toEqual([]);
  const { results } = await env.DB.prepare("select * from user_marks where school = ?").bind(school.id).all();
  expect(results).toEqual([]);
});
