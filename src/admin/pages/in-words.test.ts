import { expect, test } from "vitest";
import { browserOf } from "../../../test/workers/browser";
import { makeSchool } from "../../../test/workers/live";
import { recordAudit } from "../../db/audit";
import { database } from "../../db/client";
import { env } from "../../http/test-client";
import { addressIn } from "../address";

const MIA = "mia@words.example";

test("who did something is said by the name of their key, and what an import was in words", async () => {
  const school = await makeSchool("test", { collaborators: [{ email: MIA, role: "owner" }] });
  const id = await school.automation({
    when: [{ type: "custom", name: "go" }],
    then: [{ type: "tags.add", tags: ["vip"] }],
  });
  const [{ who, who_name: name }] = (await school.ask("GET", `/v1/audit?subject=${id}`)).body.data;
  expect(name).toEqual(expect.any(String));
  const after = { kind: "users_import", columns: ["id", "email"], lines: 20, fire: false };
  await recordAudit(database(env.DB), { school: school.id, who, what: "import.started", subject: "job_1", after });
  const mia = await browserOf(MIA);
  const at = async (path: string) => (await mia.get(addressIn(school.id, path))).text;
  for (const path of ["/automations", `/automations/${id}/versions`]) {
    const page = await at(path);
    expect(page).toContain(`, ${name}<`);
    expect(page).not.toContain(", a key<");
  }
  const log = await at("/settings/audit");
  expect(log).toContain("Import of learners");
  expect(log).toContain("id, email");
});
