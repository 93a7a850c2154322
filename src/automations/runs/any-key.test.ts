import { expect, test } from "vitest";
import { liveSchool } from "../../../test/workers/live";

const { school } = liveSchool("test");

test("a run shows all of the fact that began it, whatever its keys are", async () => {
  const automation = {
    name: "A",
    synchronous: true,
    when: [{ type: "custom", name: "go" }],
    then: [{ type: "tags.add", tags: ["vip"] }],
  };
  expect((await school.ask("POST", "/v1/automations", automation)).status).toBe(201);
  const data = JSON.parse('{"__proto__": {"a": 1}, "constructor": "c"}');
  const { runs } = await school.event("custom.go", "anna", data);
  const shown = await school.ask("GET", `/v1/runs/${runs[0].id}`);
  expect(Object.entries(shown.body.trigger.data)).toEqual(expect.arrayContaining(Object.entries(data)));
  const listed = await school.ask("GET", "/v1/runs?user=anna");
  expect(Object.entries(listed.body.data[0].trigger.data)).toEqual(expect.arrayContaining(Object.entries(data)));
});
