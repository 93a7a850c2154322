// node scripts/probe.mjs --url URL [--within SECONDS], with a key as PROBE_KEY: whether an event that is sent is taken up, and
// what it changes is seen in time. Prints a line of JSON, ends with 0 or 1; docs/slo.md tells uptime services of it.
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { url: { type: "string" }, within: { type: "string", default: "30" }, help: { type: "boolean" } },
});
const url = values.url ?? process.env.PROBE_URL;
const key = process.env.PROBE_KEY;
const withinMs = Number(values.within) * 1_000;
const LOOK_MS = 200;
const USER = "probe";
const NAME = "Schoolbell probe";
const EVENT = "custom.schoolbell_probe";

if (values.help || !url || !key || !(withinMs > 0)) {
  console.error("node scripts/probe.mjs --url URL [--within SECONDS], with PROBE_KEY");
  process.exit(2);
}

async function ask(method, path, body) {
  const answer = await fetch(new URL(path, url), {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(body ? { body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(withinMs),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
  return { body: JSON.parse(text), trace: answer.headers.get("traceresponse")?.split("-")[1] ?? null };
}

/** Asynchronous, so that it goes by the queue. */
const AUTOMATION = {
  name: NAME,
  description: "Of scripts/probe.mjs: it sees whether an event is taken up.",
  active: true,
  synchronous: false,
  when: [{ type: "custom", name: EVENT.slice("custom.".length) }],
  then: [{ type: "user.set_field", field: "probe", value: "{{ event.nonce }}" }],
};

async function isThere() {
  const { body } = await ask("GET", `/v1/automations?q=${encodeURIComponent(NAME)}`);
  return body.data.some(({ name }) => name === NAME);
}

async function probe() {
  if (!(await isThere())) await ask("POST", "/v1/automations", AUTOMATION);
  const nonce = crypto.randomUUID();
  const began = Date.now();
  const { trace } = await ask("POST", "/v1/events", { type: EVENT, user: { id: USER }, data: { nonce } });
  const answered = Date.now();
  while (Date.now() - began < withinMs) {
    const { body: user } = await ask("GET", `/v1/users/${USER}`);
    if (user.fields.probe === nonce)
      return { ok: true, answer_ms: answered - began, seen_ms: Date.now() - began, trace };
    await sleep(LOOK_MS);
  }
  return { ok: false, answer_ms: answered - began, error: `not seen within ${values.within} s`, trace };
}

const found = await probe().catch((error) => ({
  ok: false,
  error: error instanceof Error ? error.message : String(error),
}));
console.log(JSON.stringify(found));
process.exitCode = found.ok ? 0 : 1;
