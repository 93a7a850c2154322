import { expect, test } from "vitest";
import { browserOf, type DrawnForm } from "../../../../test/workers/browser";
import { env, makeSchool } from "../../../../test/workers/live";
import { addressIn } from "../../address";

const DAY_MS = 86_400_000;
const MIA = "mia@clock.example";

test("a move that is more than a request may do is gone on with from its page, to the moment it was sent to", async () => {
  const school = await makeSchool("test", { collaborators: [{ email: MIA, role: "owner" }] });
  const before = (await school.school()).now ?? 0;
  await env.DB.prepare(
    `insert into users (school, id, created_at, registered_at, search, seq, next_wake)
     select ?1, 'u' || value, 0, 0, value, 0, 1 from json_each(?2)`,
  )
    .bind(school.id, JSON.stringify(Array.from({ length: 600 }, (_, n) => n)))
    .run();
  const mia = await browserOf(MIA);
  const press = (form: DrawnForm | undefined, name: string, value: string) => {
    const hidden = (form?.fields ?? []).flatMap(({ kind, name, value }) => (kind === "hidden" ? [[name, value]] : []));
    return mia.post(form?.action ?? "", new URLSearchParams([...hidden, [name, value]]));
  };
  const page = await mia.get(addressIn(school.id, "/settings/clock"));
  const part = await press(
    page.forms.find(({ buttons }) => buttons.some(({ value }) => value === "P1D")),
    "advance",
    "P1D",
  );
  expect(part.text).toContain("more to do on the way");
  expect((await school.school()).now).toBe(before);
  const going = part.forms.find(({ buttons }) => buttons.some(({ name }) => name === "exactly"));
  const all = await press(going, "exactly", going?.buttons[0]?.value ?? "");
  expect(all.text).toContain("all that was due has happened");
  expect((await school.school()).now).toBe(before + DAY_MS);
});
