// Rows 1–11: credentials.
import { setTimeout as sleep } from "node:timers/promises";
import { base } from "../hostile.mjs";
import { claimsOf, newSchool, userToken } from "../school.mjs";

const event = (differs) => ({ body: base(differs) });

export const credentials = {
  1: async ({ refused, school }) => {
    const answers = [
      await refused("no Authorization", 401, { ...event(), token: undefined }),
      await refused("no scheme", 401, { ...event(), token: undefined, headers: { authorization: school.key } }),
      await refused("Bearer and nothing", 401, { ...event(), token: undefined, headers: { authorization: "Bearer " } }),
    ];
    equalBodies(answers);
  },
  2: async ({ refused, school, client, fail }) => {
    const swap = (text, at) => text.slice(0, at) + (text.at(at) === "a" ? "b" : "a") + text.slice(at + 1 || undefined);
    const gone = await newSchool(client);
    await client.must({ method: "DELETE", path: `/v1/schools/${gone.id}`, token: client.adminToken });
    const { key } = school;
    const answers = [
      await refused("another secret part", 401, { ...event(), token: swap(key, Math.floor(key.length * 0.6)) }),
      await refused("another checksum", 401, { ...event(), token: swap(key, key.length - 1) }),
      await refused("a deleted school's key", 401, { ...event(), token: gone.key }),
    ];
    if (!equalBodies(answers)) fail("bodies", "not equal");
  },
  3: async ({ refused, taken, school, send, holds, renew }) => {
    const old = await school.makeKey("events");
    const made = await school.call("POST", "/v1/api-keys", { name: "short-lived", scopes: ["events"] });
    await renew();
    await taken("the new key", { ...event(), token: made.key });
    await school.call("DELETE", `/v1/api-keys/${made.id}`);
    await renew();
    await sleep(5_100);
    await refused("a deleted key, later", 401, { ...event({ id: "e2" }), token: made.key });
    holds("the old key is good", (await send({ ...event({ id: "e3" }), token: old })).status === 200);
  },
  4: async ({ refused, school, worker, fail }) => {
    await refused("the key in the URL", 401, {
      ...event(),
      token: undefined,
      path: `/v1/events?api_key=${school.key}`,
    });
    if (worker.said().includes(school.key)) fail("log", "holds the key");
  },
  5: async ({ refused, school, renew, send, holds }) => {
    const [read, events, write] = await Promise.all(["read", "events", "write"].map((one) => school.makeKey(one)));
    const first = (await school.call("GET", "/v1/api-keys")).data.find(({ name }) => name === "First key");
    await renew();
    await refused("read sends an event", 403, { ...event(), token: read });
    await refused("events reads users", 403, { method: "GET", path: "/v1/users", token: events });
    await refused("read writes", 403, {
      path: "/v1/automations",
      token: read,
      body: { name: "a", when: [], then: [] },
    });
    const asWriter = { method: "POST", token: write };
    const owner = [{ email: "me@evil.example", role: "owner" }];
    for (const settings of [
      { collaborators: owner },
      { description: "x", collaborators: owner },
      { connectors: {} },
      { allowed_origins: ["https://evil.example"] },
    ])
      await refused(`write changes ${Object.keys(settings)}`, 403, {
        ...asWriter,
        method: "PATCH",
        path: "/v1/school",
        body: { settings },
      });
    await refused("write makes a signing secret", 403, { ...asWriter, path: "/v1/signing-secret" });
    for (const scopes of [["admin"], ["read"]])
      await refused(`write makes a key for ${scopes}`, 403, {
        ...asWriter,
        path: "/v1/api-keys",
        body: { name: "k", scopes },
      });
    await refused("write deletes the first key", 403, {
      ...asWriter,
      method: "DELETE",
      path: `/v1/api-keys/${first.id}`,
    });
    const seen = await send({ method: "GET", path: "/v1/school", token: read });
    holds("read sees no hook key", seen.status === 200 && seen.json.hook_key === null);
  },
  6: async ({ refused, school, client, renew }) => {
    const token = await tokenOf(school);
    await renew();
    await refused("platform reads users", 403, { method: "GET", path: "/v1/users", token: client.adminToken });
    await refused("a key makes schools", 403, { path: "/v1/schools", body: { name: "x", mode: "test" } });
    await refused("a user makes automations", 403, { path: "/v1/automations", token, body: {} });
    await refused("a user reads users", 403, { method: "GET", path: "/v1/users/u1", token });
    await refused("a user sends a batch", 403, { path: "/v1/events/batch", token, body: { events: [base()] } });
  },
  7: async ({ refused, school, client, renew }) => {
    const other = await newSchool(client);
    const { secret } = await school.call("POST", "/v1/signing-secret");
    const { secret: theirs } = await other.call("POST", "/v1/signing-secret");
    await renew();
    const claims = claimsOf(school.id, "u1");
    const forged = {
      "alg none": userToken(secret, claims, { alg: "none" }),
      "signed by another school": userToken(theirs, claims),
      "an RS256 header": userToken(secret, claims, { alg: "RS256", typ: "JWT" }),
      "another school named": userToken(secret, claimsOf(other.id, "u1")),
      "two dots missing": userToken(secret, claims).replaceAll(".", ""),
      "another audience": userToken(secret, { ...claims, aud: "other" }),
    };
    for (const [what, token] of Object.entries(forged)) await refused(what, 401, { ...visit(), token });
  },
  8: async ({ refused, school, renew }) => {
    const { secret } = await school.call("POST", "/v1/signing-secret");
    await renew();
    const now = Math.floor(Date.now() / 1_000);
    for (const [what, differs] of Object.entries({
      "no exp": { exp: undefined },
      "25 h ahead": { exp: now + 25 * 3_600 },
      "exp a text": { exp: "x" },
      "exp past": { exp: now - 70 },
      "no sub": { sub: undefined },
    }))
      await refused(what, 401, { ...visit(), token: userToken(secret, claimsOf(school.id, "u1", differs)) });
  },
  9: async ({ refused, school, renew }) => {
    const token = await tokenOf(school);
    await renew();
    await refused("another user", 403, {
      body: { type: "course.visited", user: { id: "u2" }, data: { course: "c" } },
      token,
    });
  },
  10: async ({ refused, taken, school, renew }) => {
    const token = await tokenOf(school);
    await renew();
    for (const [type, data] of [
      ["payment.made", { product_type: "course", product: "c", amount: 1 }],
      ["tag.added", { tag: "vip" }],
      ["course.enrolled", { course: "c" }],
      ["certificate.awarded", {}],
      ["custom.x", {}],
    ])
      await refused(type, 403, { body: { type, user: { id: "u1" }, data }, token });
    await taken("course.visited", { ...visit(), token });
  },
  11: async ({ refused, taken, school, renew, holds, client }) => {
    const token = await tokenOf(school);
    await renew();
    for (const origin of ["https://evil.example", "null"]) {
      const answer = await refused(`Origin ${origin}`, 403, { ...visit(), token, headers: { origin } });
      holds(`no leave for ${origin}`, !("access-control-allow-origin" in answer.headers));
    }
    const preflight = await client.send({
      method: "OPTIONS",
      path: "/v1/events",
      headers: { origin: "https://evil.example", "access-control-request-method": "POST" },
    });
    holds("no leave by the preflight", !("access-control-allow-origin" in preflight.headers) && preflight.status < 500);
    await taken("its own origin", { ...visit(), token, headers: { origin: "https://school.example.com" } });
  },
};

const visit = () => ({ body: { type: "course.visited", user: { id: "u1" }, data: { course: "c" } } });

const tokenOf = async (school) =>
  userToken((await school.call("POST", "/v1/signing-secret")).secret, claimsOf(school.id, "u1"));

const equalBodies = (answers) => new Set(answers.map(({ text }) => text)).size === 1;
