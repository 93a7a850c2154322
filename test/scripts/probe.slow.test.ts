import { execFile } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startWorker } from "../../scripts/started.mjs";

const PROBE = join(import.meta.dirname, "../../scripts/probe.mjs");

let worker: Awaited<ReturnType<typeof startWorker>>;
let key: string;
beforeAll(async () => {
  worker = await startWorker();
  const made = await fetch(`${worker.url}/v1/schools`, {
    method: "POST",
    headers: { authorization: `Bearer ${worker.adminToken}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "Probe", mode: "live" }),
  });
  key = ((await made.json()) as { api_key: string }).api_key;
});
afterAll(() => worker.stop());

/** What the probe printed, and how it ended. */
const probe = (by: string, within = "30"): Promise<{ code: number; said: Record<string, unknown> }> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [PROBE, "--url", worker.url, "--within", within],
      { env: { ...process.env, PROBE_KEY: by } },
      (error, stdout) => resolve({ code: typeof error?.code === "number" ? error.code : 0, said: JSON.parse(stdout) }),
    );
  });

const ask = async (method: string, path: string, body?: unknown) =>
  (
    await fetch(worker.url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
  ).json() as Promise<{ data: { id: string }[] }>;

test("the probe sees what its event changes, each time, by one automation", async () => {
  for (const _ of [1, 2]) {
    const { code, said } = await probe(key);
    expect([code, said]).toEqual([
      0,
      {
        ok: true,
        answer_ms: expect.any(Number),
        seen_ms: expect.any(Number),
        trace: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    ]);
  }
  expect((await ask("GET", "/v1/automations")).data).toHaveLength(1);
});

test("it fails where nothing comes of the event, or where it is not let in", async () => {
  const [{ id } = { id: "" }] = (await ask("GET", "/v1/automations")).data;
  await ask("PATCH", `/v1/automations/${id}`, { active: false });
  expect(await probe(key, "2")).toMatchObject({ code: 1, said: { ok: false, error: "not seen within 2 s" } });
  const refused = await probe("sb_live_wrong");
  expect([refused.code, String(refused.said.error)]).toEqual([1, expect.stringContaining("401")]);
});
