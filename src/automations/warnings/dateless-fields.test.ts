import { expect, test } from "vitest";
import { makeSchool } from "../../../test/workers/live";
import { checkDefinition } from "../../catalogue/checking/check";
import type { FieldType } from "../../catalogue/facts/facts";
import { datelessFields } from "./dateless-fields";

const FIELDS = { starts: "date", note: "text", nth: "number", team: "choice" } satisfies Record<string, FieldType>;

function told(body: Record<string, unknown>, gone: string[] = []): string[] {
  const { definition, faults } = checkDefinition({ when: [{ type: "user.signed_in" }], then: [], ...body });
  expect(faults).toEqual([]);
  const fields = new Map(Object.entries(FIELDS).map(([key, type]) => [key, { type }]));
  return datelessFields(definition, fields, new Set(gone)).map(({ message }) => message);
}

const wait = (until_field: string) => ({ type: "wait", until_field });

test("a date is waited for in a field that may hold one, or in what is no field", () => {
  const then = ["starts", "fields.starts", "note", "nth", "registered_at", "course.ends_at", "event.starts"].map(wait);
  expect(told({ when: [{ type: "date.reached", field: "starts" }], then })).toEqual([]);
});

test("a field that nobody declared, or that holds no dates, is told of with its card, once, wherever it stands", () => {
  const branch = { type: "branch", if: { type: "user.is_paying" }, yes: [wait("startz"), wait("team")], no: [] };
  expect(told({ when: [{ type: "date.reached", field: "startz" }], then: [wait("startz"), branch] })).toEqual([
    '“A date is reached” goes by the date in the field "startz", which nobody has declared.',
    '“Wait” goes by the date in the field "startz", which nobody has declared.',
    '“Wait” goes by the date in the field "team", which does not hold dates.',
  ]);
  expect(told({ then: [wait("startz")] }, ["startz"])).toEqual([]);
});

test("an automation is accepted and says so, until the field is declared", async () => {
  const school = await makeSchool();
  const body = { name: "Waits", reentry: "once", when: [{ type: "user.signed_in" }], then: [wait("starts")] };
  const made = (await school.ask("POST", "/v1/automations", body)).body;
  expect(made.warnings).toMatchObject([{ code: "no_date", message: expect.stringContaining('"starts"') }]);
  await school.ask("POST", "/v1/profile-fields", { key: "starts", name: "Starts", type: "date" });
  expect((await school.ask("GET", `/v1/automations/${made.id}`)).body.warnings).toEqual([]);
});
