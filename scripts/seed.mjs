// Fills a local Worker with a demo school, once, over the same HTTP interface as everybody's.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What the README's first call shows. */
const automations = [
  {
    name: "Tag newcomers",
    description: "Whoever signs up is tagged before the page that follows is drawn.",
    active: true,
    synchronous: true,
    when: [{ type: "user.signed_up" }],
    then: [{ type: "tags.add", tags: ["newcomer"] }],
  },
];

/**
 * Makes the school "demo" (test mode) and keeps its key in the file `demo-key` of the folder `state`; where that file
 * is, all is done already. Returns rows of [what, value] for a person to read.
 */
export async function seed({ url, token, state }) {
  const file = join(state, "demo-key");
  if (!existsSync(file)) {
    // Left half made by a start that was broken off.
    await call("DELETE", "/v1/schools/demo", undefined, token, [404]);
    const { api_key: key } = await call(
      "POST",
      "/v1/schools",
      { id: "demo", name: "Demo school", mode: "test" },
      token,
    );
    for (const automation of automations) await call("POST", "/v1/automations", automation, key);
    writeFileSync(file, key, { mode: 0o600 });
  }
  return [["Demo school's key", readFileSync(file, "utf8")]];

  async function call(method, path, body, credential, alsoFine = []) {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${credential}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok && !alsoFine.includes(response.status))
      throw new Error(`The demo school cannot be made: ${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }
}
