import { DurableObject } from "cloudflare:workers";

interface Event {
  type: string;
  user: { id: string };
}

/** Keeps its user's last event and how many there were: one row, rewritten for each. */
export class UserObject extends DurableObject {
  private count = 0;

  constructor(state: DurableObjectState, env: Cloudflare.Env) {
    super(state, env);
    state.storage.sql.exec("CREATE TABLE IF NOT EXISTS state (id INTEGER PRIMARY KEY, count INTEGER, last TEXT)");
    for (const row of state.storage.sql.exec("SELECT count FROM state")) this.count = Number(row.count);
  }

  take(event: Event): { count: number } {
    this.count += 1;
    this.ctx.storage.sql.exec("INSERT OR REPLACE INTO state VALUES (1, ?, ?)", this.count, JSON.stringify(event));
    return { count: this.count };
  }
}

export default {
  async fetch(request: Request, env: { USERS: DurableObjectNamespace<UserObject> }): Promise<Response> {
    if (request.method !== "POST") return Response.json({ ok: true });
    const event = await request.json<Event>();
    return Response.json(await env.USERS.getByName(event.user.id).take(event));
  },
};
