import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { buildPieces } from "../../scripts/pieces.mjs";
import { freePort, newFolder } from "../../scripts/started.mjs";
import { migrate, serve } from "../../scripts/worker.mjs";
import { type Sink, startSink } from "../connectors/harness";

/* The Worker as it would be with a channel more: one file and its line in the index, a vendor's file and its line. */

const ROOT = join(import.meta.dirname, "../..");
const CONFIG = join(ROOT, "wrangler.toml");
const OWNER = "owner@school.example";

/** The lines that are added, by file: an import, and a place in the list that begins with a text. */
const LINES: Readonly<Record<string, { list: string; name: string; from: string }>> = {
  "src/catalogue/channels/index.ts": {
    list: "export const channels = [",
    name: "pager",
    from: join(import.meta.dirname, "pager-channel"),
  },
  "src/connectors/registry.ts": {
    list: "export const connectors: readonly Connector[] = [",
    name: "pagerByRadio",
    from: join(import.meta.dirname, "pager-vendor"),
  },
};

function bundle(folder: string): Promise<void> {
  return buildPieces(folder, {
    plugins: [
      {
        name: "add",
        setup: ({ onLoad }) => {
          for (const [file, { list, name, from }] of Object.entries(LINES))
            onLoad({ filter: new RegExp(`/${file}$`) }, async ({ path }) => {
              const source = await readFile(path, "utf8");
              if (source.split(list).length !== 2) throw new Error(`not once in ${file}: ${list}`);
              const added = source.replace(list, `import { ${name} } from ${JSON.stringify(from)};\n${list} ${name},`);
              return { contents: added, loader: "ts" };
            });
        },
      },
    ],
  });
}

let stop: () => Promise<void>;
let url: string;
let tower: Sink;
let key: string;
let cookie: string;

const api = (method: string, path: string, body?: unknown, token = key): Promise<Response> =>
  fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

/** A page as the owner sees it; with `fields`, after they sent a form. */
const page = (path: string, fields?: Record<string, string>): Promise<Response> =>
  fetch(url + path, {
    method: fields ? "POST" : "GET",
    headers: { origin: url, ...(cookie ? { cookie } : {}) },
    redirect: "manual",
    ...(fields ? { body: new URLSearchParams({ "form-of": "added", ...fields }) } : {}),
  });

const text = async (response: Promise<Response>): Promise<string> => (await response).text();

beforeAll(async () => {
  const state = newFolder();
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  tower = await startSink();
  const bundled = join(state, "bundle");
  await Promise.all([bundle(bundled), migrate(CONFIG, state)]);
  const variables = {
    ADMIN_TOKEN: "dev-admin-token",
    SECRET_KEY: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    LOCAL: "true",
    PUBLIC_URL: url,
  };
  const end = await serve({ config: CONFIG, bundled, state, port, variables, inspectorPort: undefined });
  stop = async () => {
    await end();
    await rm(state, { recursive: true, force: true });
  };
  const school = {
    id: "added",
    name: "S",
    mode: "live",
    settings: { collaborators: [{ email: OWNER, role: "owner" }] },
  };
  const made = await (await api("POST", "/v1/schools", school, variables.ADMIN_TOKEN)).json();
  key = z.object({ api_key: z.string() }).parse(made).api_key;
  const link = /\/admin\/sign-in\/[\w-]+/.exec(await text(page("/admin/sign-in", { email: OWNER })))?.[0] ?? "";
  cookie = (await page(link, { next: "/admin" })).headers.get("set-cookie")?.split(";")[0] ?? "";
});

afterAll(async () => {
  await stop?.();
  await tower?.close();
});

test("a channel that is added is offered, set up and tested on the settings page", async () => {
  const settings = "/admin/s/added/settings/connectors/pager";
  const list = await text(page("/admin/s/added/settings/connectors"));
  for (const said of ["Pager of the night watch", "Where the night watch is woken."]) expect(list).toContain(said);
  const form = await text(page(settings));
  for (const said of ["Wakes by radio.", 'name="tower"', 'name="call_sign"']) expect(form).toContain(said);
  expect((await page(settings, { tower: tower.base, call_sign: "hush" })).status).toBe(303);
  expect(await text(page(settings))).toContain("Send a test");
  const sent = await text(page(`${settings}/test`, {}));
  expect(sent).toContain("Sent, and taken (200).");
  expect(tower.received).toMatchObject([{ headers: { authorization: "Radio hush" } }]);
  expect(JSON.parse(tower.received[0]?.body ?? "")).toMatchObject({ text: "Wake up, this is a test" });
});

test("its settings pass the API, the secret sealed", async () => {
  const change = { settings: { connectors: { pager: { tower: tower.base, call_sign: "hush-canary" } } } };
  const answer = await api("PATCH", "/v1/school", change);
  expect(answer.status).toBe(200);
  const said = await answer.text();
  expect(JSON.parse(said)).toMatchObject({ settings: { connectors: { pager: { tower: tower.base } } } });
  expect(said).not.toContain("canary");
});

test("deliveries are found by it, on the page and by the API", async () => {
  expect(await text(page("/admin/s/added/deliveries"))).toContain(
    '<option value="pager">Pager of the night watch</option>',
  );
  expect((await api("GET", "/v1/deliveries?channel=pager")).status).toBe(200);
  expect((await api("GET", "/v1/deliveries?channel=pigeon")).status).toBe(422);
});
