// The load, in a process of its own. Forked; is sent {url, token, clients, users, ms, fresh, batch} and sends back
// {events, errors, ms, p50, p99}: each client keeps one connection and sends its next event when the last is answered.
// With a text `fresh`, which their ids begin with, no user comes twice; else so many come in turns. With `batch` so many
// events go in one request.
import { Pool } from "undici";

process.once("message", async ({ url, token, clients, users, ms, fresh, batch }) => {
  const pool = new Pool(url, { connections: clients, pipelining: 1, headersTimeout: 10_000, bodyTimeout: 10_000 });
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
  const latencies = [];
  let events = 0;
  const errors = new Map();
  let user = 0;
  const begun = performance.now();
  const end = begun + ms;

  const next = () => {
    user = fresh ? user + 1 : (user + 1) % users;
    return { type: "user.signed_in", user: { id: `${fresh ?? "user-"}${user}` }, data: {} };
  };
  const path = batch ? "/v1/events/batch" : "/v1/events";

  async function client() {
    while (performance.now() < end) {
      const body = JSON.stringify(batch ? { events: Array.from({ length: batch }, next) } : next());
      const sent = performance.now();
      const answer = await pool.request({ method: "POST", path, headers, body });
      const text = await answer.body.text();
      latencies.push(performance.now() - sent);
      events += batch ?? 1;
      if (answer.statusCode === 200) continue;
      const what = `${answer.statusCode} ${text.slice(0, 200)}`;
      errors.set(what, (errors.get(what) ?? 0) + 1);
    }
  }

  await Promise.all(Array.from({ length: clients }, client));
  const took = performance.now() - begun;
  await pool.close();
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
  const result = { events, ms: took, p50: at(0.5), p99: at(0.99), errors: [...errors] };
  process.send(result, () => process.exit());
});
process.on("disconnect", () => process.exit());
