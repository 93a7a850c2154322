import { rmSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SMTPServer } from "smtp-server";
import { newFolder, startWorker } from "../../scripts/started.mjs";
import { configOf } from "../config.mjs";
import { makeSchool } from "../e2e-node/client.mjs";

/*
 * Twenty healthy schools and some whose servers are in trouble, on a real Worker: real servers, and how long what a
 * healthy school sends takes to arrive. Node loads this file as it stands: types alone may be beside its code.
 */

const SCHOOLS = 20;
/** An event of a measurement each so many ms. */
const EVERY_MS = 40;
/** How many deliveries at once to a silent mail server; to each of the others. */
const MAILS = 100;
const WEBHOOKS = 10;
/** Who waits longer waits for ever. */
const PATIENCE_MS = 60_000;

type School = Awaited<ReturnType<typeof makeSchool>>;

export interface Loud {
  school: School;
  count: number;
}

export interface Scene {
  /** How long what so many events of healthy schools lead to takes to arrive, ms: the 99th percentile; Infinity: it does not. */
  measure(events: number): Promise<number>;
  /** Schools of which nothing is known yet, each with how much it has to send at once; `isWell`: to servers that are. */
  loud(round: number, isWell: boolean): Promise<Loud[]>;
  flood(schools: readonly Loud[]): Promise<unknown>;
  /** How often each server in trouble was called. */
  asked: Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

function endlessly(response: ServerResponse): void {
  const chunk = Buffer.alloc(256 * 1024, "x");
  const more = (): void => {
    while (!response.destroyed) if (!response.write(chunk)) return void response.once("drain", more);
  };
  more();
}

// An address of a listening TCP server is never a string or null.
const portOf = (server: Server | TcpServer): number => (server.address() as AddressInfo).port;

const listen = async (server: Server | TcpServer): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return portOf(server);
};

/** @param entry where the Worker begins, ours with a world of its own when left out */
export async function setScene(
  entry: string = join(import.meta.dirname, "entry.ts"),
  patienceMs: number = PATIENCE_MS,
): Promise<Scene> {
  /** When what a user's run sends has arrived, ms, by user. */
  const arrived = new Map<string, number>();
  const asked: Record<string, number> = { hangs: 0, busy: 0, huge: 0 };
  const answers: Record<string, (response: ServerResponse) => void> = {
    hangs: () => {},
    busy: (response) => void response.writeHead(429, { "retry-after": "60" }).end(),
    huge: (response) => endlessly(response.writeHead(200)),
  };
  const world = createServer(async (request, response) => {
    const name = request.url?.slice(1) ?? "";
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const answer = answers[name];
    if (answer) {
      asked[name] = (asked[name] ?? 0) + 1;
      return answer(response);
    }
    arrived.set(JSON.parse(String(Buffer.concat(chunks))).user, performance.now());
    await sleep(10);
    response.end();
  });
  const silent = createTcpServer(() => {});
  const mails = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData: (stream, _, done) => void stream.resume().on("end", () => done()),
  });
  const [port] = await Promise.all([listen(world), listen(silent), listen(mails.server)]);
  const folder = newFolder();
  const config = configOf(join(folder, "config"), entry, { WORLD_URL: `http://127.0.0.1:${port}` });
  const worker = await startWorker(config);

  const withWebhook = async (id: string, name: string, synchronous: boolean): Promise<School> => {
    const school = await makeSchool(worker, { id, name: id, mode: "live" });
    await school.call("POST", "/v1/automations", {
      name: "Tells",
      synchronous,
      when: [{ type: "user.signed_in" }],
      then: [{ type: "webhook.send", url: `https://${name}.fair-school.com/`, body: { user: "{{ user.id }}" } }],
    });
    return school;
  };
  const mailer = async (id: string, port: number): Promise<School> => {
    const email = { type: "smtp", host: "localhost", port, from: "hi@acme.com", tls: "none" };
    const school = await makeSchool(worker, { id, name: "M", mode: "live", settings: { connectors: { email } } });
    await school.call("POST", "/v1/automations", {
      name: "Mails",
      synchronous: true,
      when: [{ type: "user.signed_in" }],
      then: [{ type: "email.user", subject: "Hi", body: "Hi" }],
    });
    return school;
  };

  const healthy: School[] = [];
  for (let n = 0; n < SCHOOLS; n++) healthy.push(await withWebhook(`well-${n}`, `well-${n}`, false));
  let users = 0;

  return {
    asked,
    async measure(events) {
      const sent: { user: string; at: number }[] = [];
      const calls: Promise<unknown>[] = [];
      for (let n = 0; n < events; n++) {
        const user = `u${users++}`;
        sent.push({ user, at: performance.now() });
        const event = { type: "user.signed_in", user: { id: user } };
        const school = healthy[n % SCHOOLS];
        if (school) calls.push(school.call("POST", "/v1/events", event));
        await sleep(EVERY_MS);
      }
      await Promise.all(calls);
      const end = Date.now() + patienceMs;
      while (Date.now() < end && !sent.every(({ user }) => arrived.has(user))) await sleep(50);
      const waited = sent.map(({ user, at }) => (arrived.get(user) ?? Number.POSITIVE_INFINITY) - at);
      return waited.toSorted((a, b) => a - b)[Math.floor(events * 0.99)] ?? Number.NaN;
    },
    loud: async (round, isWell) => [
      { school: await mailer(`mails-${isWell}-${round}`, portOf(isWell ? mails.server : silent)), count: MAILS },
      ...(await Promise.all(
        Object.keys(answers).map(async (name) => ({
          school: await withWebhook(`${name}-${isWell}-${round}`, isWell ? "well" : name, true),
          count: WEBHOOKS,
        })),
      )),
    ],
    flood: (schools) =>
      Promise.all(
        schools.map(({ school, count }) => {
          const events = Array.from({ length: count }, () => {
            const id = `u${users++}`;
            return { type: "user.signed_in", user: { id, email: `${id}@example.com` } };
          });
          return school.call("POST", "/v1/events/batch", { events });
        }),
      ),
    async stop() {
      await worker.stop();
      world.closeAllConnections();
      world.close();
      silent.close();
      mails.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
