import { expect, test } from "vitest";
import { signedIn } from "../../../test-signed-in";

const PAGE = "/automations";

async function twoFor(role: "editor" | "viewer") {
  const { ask, at, get, post } = await signedIn(role);
  const ids: string[] = [];
  for (const name of ["One", "Two"])
    ids.push(
      (await ask("POST", "/v1/automations", { name, when: [{ type: "custom", name: "go" }], then: [] })).body.id,
    );
  return {
    ...{ ask, ids, list: at(PAGE) },
    post: (fields: Record<string, string>, picked: readonly string[]) =>
      post(
        `${PAGE}/many`,
        fields,
        picked.map((id) => ["id", id]),
      ),
    shown: async () => (await get(PAGE)).text,
  };
}

test("those that are picked are switched, labelled and deleted together, the latter for an hour not for good", async () => {
  const { ask, ids, post, shown, list } = await twoFor("editor");
  expect(await shown()).toContain('aria-label="Select One"');
  const location = (answer: { headers: Headers }) => answer.headers.get("location");
  expect(location(await post({ do: "deactivate" }, ids))).toBe(`${list}?done=many`);
  expect((await ask("GET", "/v1/automations?active=true")).body.data).toEqual([]);
  await post({ do: "label", label: "Q3" }, ids);
  expect((await ask("GET", "/v1/automations?label=q3")).body.data).toHaveLength(2);
  const asked = await post({ do: "delete" }, ids);
  expect(asked.text).toContain("Delete 2 automations?");
  expect(asked.text).toContain("<b>One</b>: Nobody is under way in it.");
  expect((await ask("GET", "/v1/automations?deleted=true")).body.data).toEqual([]);
  expect(location(await post({ do: "delete", asked: "yes" }, ids))).toBe(`${list}?done=many_deleted`);
  expect((await ask("GET", "/v1/automations?deleted=true")).body.data).toHaveLength(2);
  expect(await shown()).toContain("Undo all 2 deletions");
  expect(location(await post({ do: "restore" }, ids))).toBe(`${list}?done=many_restored`);
  expect((await ask("GET", "/v1/automations?deleted=true")).body.data).toEqual([]);
  expect(location(await post({ do: "activate" }, []))).toBe(`${list}?done=none_picked`);
  expect(location(await post({ do: "label", label: " " }, ids))).toBe(`${list}?done=no_label`);
});

test("of those that could not be changed it says which, and why, in words without ids", async () => {
  const { ask, ids, post } = await twoFor("editor");
  const [one = "", two = ""] = ids;
  await ask("DELETE", `/v1/automations/${one}?hold=PT1H`);
  await ask("PATCH", `/v1/automations/${two}`, { labels: Array.from({ length: 20 }, (_, n) => `l${n}`) });
  const { text } = await post({ do: "label", label: "Q3" }, [...ids, "aut_none"]);
  expect(text).toContain("It was done for 0 of 3.");
  expect(text).toContain("<b>One</b>: It is being deleted: undo that first, below the list.");
  expect(text).toContain("<b>Two</b>: At most 20 of them");
  expect(text).toContain("Somebody has deleted it meanwhile.");
  expect(text).not.toMatch(/aut_\w/);
});

test("viewers pick nothing", async () => {
  const { ids, post, shown } = await twoFor("viewer");
  expect(await shown()).not.toContain("Select One");
  expect((await post({ do: "delete" }, ids)).status).toBe(403);
});
