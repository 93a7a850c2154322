import { expect, test } from "vitest";
import { liveSchool } from "../../test/workers/live";

/* Ids are the LMS's own: one may be what every object of JavaScript has. */

const { school } = liveSchool("test");
const IDS = ["__proto__", "constructor", "toString"];

test("a product is called by its name whatever its id is, and by its id where it has none", async () => {
  const nameOf = async (id: string) => {
    const { nodes } = (await school.ask("GET", `/v1/graph?about=course:${id}`)).body;
    return nodes.find((node: { id: string }) => node.id === `course:${id}`)?.name;
  };
  const names = () => Promise.all(IDS.map(nameOf));
  await school.ask("PUT", "/v1/products/bundle/b", { name: "All", courses: IDS });
  expect(await names()).toEqual(IDS);
  for (const id of IDS) await school.ask("PUT", `/v1/products/course/${id}`, { name: `Course ${id}` });
  expect(await names()).toEqual(IDS.map((id) => `Course ${id}`));
});

test("live runs are told by the step that they wait at, whatever its id is", async () => {
  const steps = IDS.map((id) => ({ id, type: "wait", for: "P1D" }));
  const automation = { name: "A", when: [{ type: "custom", name: "go" }], then: steps };
  const { id } = (await school.ask("POST", "/v1/automations", automation)).body;
  await school.event("custom.go", "anna");
  await school.ask("POST", "/v1/test-clock", { advance: "PT1H" });
  const changed = await school.ask("PUT", `/v1/automations/${id}`, { ...automation, name: "B" });
  expect(Object.entries(changed.body.live_runs.steps)).toEqual([["__proto__", 1]]);
});
