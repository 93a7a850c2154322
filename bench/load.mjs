// The load, in a process of its own. Forked; is sent {url, token, clients, users, ms, fresh} and sends back
// {events, errors, ms, p50, p99}: each client keeps one connection and sends its next event when the last is answered.
// With a text `fresh`, which their ids begin with, no user comes twice; else so many come in turns.
import { Pool } from "undici";

process.once("message", async ({ url, token, clients, users, ms, fresh }) => {
  const pool = new Pool(url, { connections: clients, pipelining: 1, headersTimeout: 10_000, bodyTimeout: 10_000 });
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
  const latencies = [];
  const errors = new Map();
  let user = 0;
  const begun = performance.now();
  const end = begun + ms;

  async function client() {
    while (performance.now() < end) {
      user = fresh ? user + 1 : (user + 1) % users;
      const body = JSON.stringify({ type: "user.signed_in", user: { id: `${fresh ?? "user-"}${user}` }, data: {} });
      const sent = performance.now();
      const answer = await pool.request({ method: "POST", path: "/v1/events", headers, body });
      const text = await answer.body.text();
      latencies.push(performance.now() - sent);
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
  const result = { events: latencies.length, ms: took, p50: at(0.5), p99: at(0.99), errors: [...errors] };
  process.send(result, () => process.exit());
});
process.on("disconnect", () => process.exit());
