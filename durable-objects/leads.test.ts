import { describe, expect, test } from "vitest";
import { handedName } from "../src/calls/shape";
import { leadId } from "../src/catalogue/facts/facts";
import { heldBy, liveSchool, setNow } from "../test/workers/live";

const { school } = liveSchool("live");

const ADDRESS = "eve@acme.com";
const LEAD = leadId(ADDRESS);
const form = (email: string, id: string) => school.event("form.submitted", { email }, { form: "demo" }, id);
const signUp = (email: string) => school.event("user.signed_up", { id: "eve", email });
const formsOf = async (user: string) => {
  const { body } = await school.ask("GET", `/v1/users/${user}/timeline`);
  return body.data.filter((one: { type?: string }) => one.type === "form.submitted");
};

/** A taking over that is cut off once all is there, or after its first part. Answers with the rest, done again. */
async function takeOver(isWhole = true): Promise<() => Promise<void>> {
  const { object: lead } = await school.object(LEAD);
  const { object: eve, reference } = await school.object("eve");
  const given = await lead.handOver("eve");
  if (!given) throw new Error("no lead");
  const name = handedName(LEAD, given.lead);
  const [journal, ended] = [await lead.journal({}), await lead.ended({ newestFirst: true })];
  const rest = async () => {
    await eve.takeEntries(name, journal.items);
    await eve.takeEnded(reference, name, ended.items);
  };
  await eve.takeOver(reference, given.lead, LEAD);
  if (isWhole) await rest();
  return rest;
}

describe("a lead that is taken over", () => {
  test("is known by its events' ids, however often its journal was handed over", async () => {
    await form(ADDRESS, "form-1");
    await takeOver();
    await signUp(ADDRESS);
    expect(await form(ADDRESS, "form-1")).toMatchObject({ duplicate: true });
    expect(await formsOf("eve")).toHaveLength(1);
  });

  test("takes nothing from another that began in the same moment", async () => {
    setNow(Date.now());
    await form(ADDRESS, "form-1");
    await form("two@acme.com", "form-2");
    await signUp(ADDRESS);
    await signUp("two@acme.com");
    expect(await formsOf("eve")).toHaveLength(2);
    const { object: eve } = await school.object("eve");
    for (const id of ["form-1", "form-2"]) expect(await eve.areNew([{ id, hash: "other" }])).toBe(false);
  });

  test("leaves nothing with a user who was erased meanwhile", async () => {
    await signUp("old@acme.com");
    await form(ADDRESS, "form-1");
    const rest = await takeOver(false);
    expect((await school.ask("DELETE", "/v1/users/eve")).status).toBe(204);
    await rest();
    expect(Object.keys((await heldBy(school.id, "eve")).tables)).toEqual(["erased_ids"]);
    const { object: lead } = await school.object(LEAD);
    // The lead was the user's already, and is erased with the user.
    expect(await lead.state()).toBeNull();
  });

  test("has what ended as it is now, though that is handed over again", async () => {
    await signUp("old@acme.com");
    await school.automation({
      when: [{ type: "form.submitted" }],
      then: [{ type: "email.user", subject: "Hi", body: "Hi" }],
      synchronous: true,
    });
    for (let n = 0; n < 9; n++) await form(ADDRESS, `form-${n}`);
    const query = { newestFirst: true, limit: 100 };
    const { object: lead, reference } = await school.object(LEAD);
    for (const { id } of await lead.ownDeliveries(query)) {
      await lead.claim(reference, id);
      await lead.settle(reference, id, { ok: false, error: "planted", retry: false });
    }
    const again = await takeOver();
    const { object: eve } = await school.object("eve");
    const [failed] = await eve.ownDeliveries(query);
    if (!failed) throw new Error("no delivery");
    expect(await eve.resend(reference, failed)).toBe("again");
    await eve.claim(reference, failed.id);
    await eve.settle(reference, failed.id, { ok: true });
    const before = await eve.ownDeliveries(query);
    expect(before).toMatchObject([{ status: "sent" }, ...Array(8).fill({ status: "failed" })]);
    await again();
    expect(await eve.ownDeliveries(query)).toEqual(before);
    expect((await eve.ended({})).items).toHaveLength(9 + 9 + 1);
  });
});
