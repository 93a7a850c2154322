import XAPI, { type Statement } from "@xapi/xapi";
import TinCan from "tincanjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startWorker } from "../../scripts/started.mjs";
import { makeSchool } from "../e2e-node/client.mjs";

/* The clients that schools' content speaks by, against the Worker as it runs. */

let worker: Awaited<ReturnType<typeof startWorker>>;
let key: string;
let call: Awaited<ReturnType<typeof makeSchool>>["call"];

const START_MS = 120_000;

beforeAll(async () => {
  worker = await startWorker();
  ({ key, call } = await makeSchool(worker, { name: "Acme", mode: "live" }));
}, START_MS);
afterAll(() => worker?.stop());

const endpoint = () => `${worker.url}/xapi/`;
const percentOf = async (user: string): Promise<unknown> => {
  const { courses } = await call("GET", `/v1/users/${encodeURIComponent(user)}`);
  return courses[COURSE]?.percent;
};

const COURSE = "https://school.example/courses/js";
const completed = (actor: object) => ({
  actor,
  verb: { id: "http://adlnet.gov/expapi/verbs/completed", display: { "en-US": "completed" } },
  object: { id: COURSE, definition: { type: "http://adlnet.gov/expapi/activities/course", name: { "en-US": "JS" } } },
  result: { completion: true },
});
const account = (name: string) => ({
  objectType: "Agent" as const,
  account: { homePage: "https://school.example", name },
});
const answered = { ...completed(account("anna")), verb: { id: "http://adlnet.gov/expapi/verbs/answered" } };

describe("@xapi/xapi", () => {
  const client = () => new XAPI({ endpoint: endpoint(), auth: XAPI.toBasicAuth(key, "") });
  // Its own type asks for more than xAPI does.
  const statement = (of: object) => of as Statement;

  test("sends a statement, a list of them, an empty one, and one that says nothing to us", async () => {
    const one = await client().sendStatement({ statement: statement(completed(account("anna"))) });
    expect(one.data).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(await percentOf("anna")).toBe(100);

    const statements = [
      statement(completed({ objectType: "Agent", mbox: "mailto:bea@acme.com" })),
      statement(answered),
    ];
    expect((await client().sendStatements({ statements })).data).toHaveLength(2);
    expect(await percentOf("bea@acme.com")).toBe(100);
    expect((await client().sendStatements({ statements: [] })).data).toEqual([]);
  });

  test("is told of a conflict and of what is no statement", async () => {
    const id = crypto.randomUUID();
    const send = (of: object) => client().sendStatement({ statement: statement({ ...of, id }) });
    expect((await send(completed(account("carl")))).data).toEqual([id]);
    expect((await send(completed(account("carl")))).data).toEqual([id]);
    const other = { ...completed(account("carl")), verb: { id: "http://adlnet.gov/expapi/verbs/failed" } };
    await expect(send(other)).rejects.toMatchObject({ response: { status: 409 } });
    await expect(send({ ...other, actor: {} })).rejects.toMatchObject({ response: { status: 400 } });
  });

  test("finds out what is spoken, and whether its key is good", async () => {
    expect((await client().getAbout()).data.version).toContain("1.0.3");
    const stranger = new XAPI({ endpoint: endpoint(), auth: XAPI.toBasicAuth("sb_live_x", "") });
    await expect(stranger.sendStatement({ statement: statement(answered) })).rejects.toMatchObject({
      response: { status: 401 },
    });
  });
});

describe("tincanjs", () => {
  const client = () => new TinCan.LRS({ endpoint: endpoint(), username: key, password: "", allowFail: false });
  const settled = <T>(ask: (callback: (error: unknown, result: T) => void) => void) =>
    new Promise<{ error: unknown; result: T }>((resolve) => ask((error, result) => resolve({ error, result })));

  test("puts a statement by its id, and again, and posts a list", async () => {
    const statement = new TinCan.Statement({ ...completed(account("dora")), id: crypto.randomUUID() });
    for (const _ of [1, 2]) {
      const { error, result } = await settled<{ status: number }>((callback) =>
        client().saveStatement(statement, { callback }),
      );
      expect([error, result.status]).toEqual([null, 204]);
    }
    expect(await percentOf("dora")).toBe(100);

    const list = [new TinCan.Statement(completed(account("emma"))), new TinCan.Statement(answered)];
    const { error, result } = await settled<{ status: number; responseText: string }>((callback) =>
      client().saveStatements(list, { callback }),
    );
    expect([error, result.status]).toEqual([null, 200]);
    expect(JSON.parse(result.responseText)).toEqual(list.map(({ id }) => id));
    expect(await percentOf("emma")).toBe(100);
  });

  test("is told of a conflict, and what is spoken", async () => {
    const id = crypto.randomUUID();
    const put = (of: object) =>
      settled<{ status: number }>((callback) =>
        client().saveStatement(new TinCan.Statement({ ...of, id }), { callback }),
      );
    expect((await put(completed(account("fred")))).error).toBeNull();
    const other = { ...completed(account("fred")), verb: { id: "http://adlnet.gov/expapi/verbs/failed" } };
    expect((await put(other)).error).toBe(409);
    const { result } = await settled<{ version: string[] }>((callback) => client().about({ callback }));
    expect(result.version).toContain("1.0.3");
  });
});
