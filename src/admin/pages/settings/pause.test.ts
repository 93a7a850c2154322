import { expect, test } from "vitest";
import { browserOf } from "../../../../test/workers/browser";
import { makeSchool } from "../../../../test/workers/live";
import { addressIn } from "../../address";

const MIA = "mia@pause.example";
const VIC = "vic@pause.example";

test("an owner pauses the school, every page says so, and lets it go on; others only read it", async () => {
  const collaborators = [
    { email: MIA, role: "owner" },
    { email: VIC, role: "viewer" },
  ];
  const school = await makeSchool("test", { collaborators });
  const at = (path: string) => addressIn(school.id, path);
  const mia = await browserOf(MIA);
  const press = async (paused: string) => {
    const { forms } = await mia.get(at("/settings/pause"));
    const drawn = forms.map(({ fields }) => Object.fromEntries(fields.map(({ name, value }) => [name, value])));
    const sent = drawn.find((one) => one.paused === paused && one.held === undefined);
    expect(sent).toBeDefined();
    return mia.post(at("/settings/pause"), new URLSearchParams(sent));
  };
  expect((await press("true")).text).toContain("The school is paused.");
  expect((await school.school()).paused).toBe(true);
  const others = await browserOf(VIC);
  expect((await others.get(at("/learners"))).text).toContain("The school is paused.");
  expect((await others.get(at("/settings/pause"))).text).toContain("Only an owner may change this.");
  // With nothing held there is nothing to end.
  const { text, forms } = await mia.get(at("/settings/pause"));
  expect(forms.flatMap(({ fields }) => fields.filter(({ name }) => name === "held"))).toEqual([]);
  expect(text).not.toContain("what was held");
  expect((await press("false")).text).toContain("The school goes on.");
  expect((await mia.get(at("/learners"))).text).not.toContain("The school is paused.");
});
