// What the same job costs without the platform: plain node:http and SQLite in this process, one transaction an event.
// node:sqlite, not better-sqlite3: the same SQLite, and nothing to compile on `npm install`.
// Forked with the state folder as argument; sends the port it listens on, ends when its parent does.
import { createServer } from "node:http";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const database = new DatabaseSync(join(process.argv[2] ?? ".", "node.sqlite"));
database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  CREATE TABLE users (id TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID`);
const load = database.prepare("SELECT state FROM users WHERE id = ?");
const save = database.prepare("INSERT OR REPLACE INTO users VALUES (?, ?)");

function take(event) {
  database.exec("BEGIN IMMEDIATE");
  const row = load.get(event.user.id);
  const state = row ? JSON.parse(row.state) : { tags: [], count: 0 };
  if (event.type === "user.signed_in" && !state.tags.includes("seen")) state.tags.push("seen");
  state.count += 1;
  save.run(event.user.id, JSON.stringify(state));
  database.exec("COMMIT");
  return state;
}

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = JSON.stringify(take(JSON.parse(Buffer.concat(chunks).toString())));
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) }).end(body);
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => process.send(server.address().port));
process.on("disconnect", () => process.exit());
