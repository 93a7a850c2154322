// Rows 27–42: events, and what is not there.

import { base, JSON_TYPE } from "../hostile.mjs";
import { claimsOf, newSchool, userToken } from "../school.mjs";
import { requestHead } from "./bodies.mjs";

const event = (differs) => ({ body: base(differs) });
const user = (id, rest = {}) => event({ id: undefined, user: { id, ...rest } });
const MINUTE = 60_000;
const at = (ms) => new Date(Date.parse("2026-01-05T09:00:00.000Z") + ms).toISOString();

export const events = {
  27: async ({ refused, taken, holds }) => {
    for (const id of ["", 7, [], "x".repeat(129)])
      await refused(`id ${JSON.stringify(id).slice(0, 20)}`, 422, event({ id }));
    holds("one is made", typeof (await taken("left out", event({ id: undefined })))?.id === "string");
    for (const id of ["../x", "a b"]) holds(id, (await taken(id, event({ id })))?.id === id);
  },
  28: async ({ send, school, holds, renew }) => {
    await school.call("POST", "/v1/automations", {
      name: "a",
      active: true,
      when: [{ type: "user.signed_up" }],
      then: [],
    });
    const answers = await Promise.all(Array.from({ length: 32 }, () => send(event())));
    holds(
      "all 200",
      answers.every(({ status }) => status === 200),
    );
    holds("one is the first", answers.filter(({ json }) => json?.duplicate === false).length === 1);
    const plain = answers.map(({ json }) => JSON.stringify({ ...json, duplicate: null }));
    holds("equal otherwise", new Set(plain).size === 1);
    await renew();
    holds("one run", (await school.call("GET", "/v1/runs")).data.length === 1);
    const { data } = await school.call("GET", "/v1/users/u1/timeline");
    holds("one fact", data.filter(({ type }) => type === "user.signed_up").length === 1);
  },
  29: async ({ taken, refused, school, holds, note, renew }) => {
    await taken("first", event());
    await refused("another type", 409, event({ type: "user.signed_in" }));
    await refused("other data", 409, event({ data: { auth_method: "sso" } }));
    note("ids of events are each user's own: the same id for another user is another event, answered 200");
    const before = await school.call("GET", "/v1/users/u1/export");
    const theirs = await school.call("POST", "/v1/events", base({ user: { id: "u2", email: "b@example.com" } }));
    holds("it is the other user's first", theirs.duplicate === false && theirs.user.id === "u2");
    const after = await school.call("GET", "/v1/users/u1/export");
    holds("nothing of the first user is changed", JSON.stringify(after) === JSON.stringify(before));
    await renew(["u1", "u2"]);
    await refused("other data of the other user's", 409, {
      body: base({ user: { id: "u2", email: "b@example.com" }, data: { auth_method: "sso" } }),
    });
  },
  30: async ({ taken, holds }) => {
    const first = { id: "same", type: "custom.x", user: { id: "u1" }, data: { a: "a", n: 1, z: [1, 2] } };
    await taken("first", { body: first });
    const again = await taken("written otherwise", {
      headers: JSON_TYPE,
      body: '{ "data": {"z":[1.0,2], "n":1.0, "a":"\\u0061"},\n "user":{"id":"u1"}, "type":"custom.x", "id":"same" }',
    });
    holds("a duplicate", again?.duplicate === true);
  },
  31: async ({ refused }) => {
    const types = [
      "nope",
      "USER.SIGNED_UP",
      "user.*",
      "constructor",
      "x".repeat(300),
      "custom.",
      "custom.A",
      `custom.${"a".repeat(65)}`,
      "segment.joined",
      "course.started",
      "trial.ending",
      "inactivity.school",
    ];
    for (const type of types) await refused(type.slice(0, 20), 422, event({ type }));
  },
  32: async ({ taken, refused, school, client, holds }) => {
    const other = await newSchool(client);
    const ids = ['u1","t2', "t2:u1", '["t2","u1"]', "a/b", "%2e%2e", " blanks "];
    for (const id of ids) {
      await taken(id, user(id));
      const kept = await school.call("GET", `/v1/users/${encodeURIComponent(id)}`).catch(() => null);
      holds(`${id} kept exactly`, kept?.id === id);
    }
    holds("each its own", (await school.call("GET", "/v1/users")).data.length === ids.length);
    holds("in no other school", (await other.call("GET", "/v1/users")).data.length === 0);
    await refused("129 characters", 422, user("x".repeat(129)));
    await refused("1 MB", 413, user("x".repeat(1e6)));
  },
  33: async ({ refused }) => {
    const mails = [
      "a@b.co\r\nBcc: x@y.z",
      "a@b.co,c@d.co",
      "<a@b.co>",
      '"A" <a@b.co>',
      `${"x".repeat(300)}@b.co`,
      "a@b",
    ];
    for (const email of mails) await refused(JSON.stringify(email).slice(0, 30), 422, user("u1", { email }));
  },
  34: async ({ taken, refused, school, holds }) => {
    await taken("u1", event());
    await taken("u2", event({ id: "e2", user: { id: "u2", email: "a@example.com" } }));
    holds("two users", (await school.call("GET", "/v1/users")).data.length === 2);
    await refused("the prefix is ours", 422, user("lead:a@example.com"));
  },
  35: async ({ refused }) => {
    const times = [
      "2026-02-30T00:00:00Z",
      "2026-01-01T25:00:00Z",
      "2026-01-01T09:00:00",
      "2026-01-01",
      1767258000,
      "0000-01-01T00:00:00Z",
      "+275760-09-13T00:00:00Z",
    ];
    for (const occurred_at of times) await refused(String(occurred_at), 422, event({ occurred_at }));
  },
  36: async ({ taken, refused, school, holds }) => {
    const visit = (id, ms) => event({ id, type: "school.visited", user: { id: "u1" }, occurred_at: at(ms) });
    await refused("6 minutes ahead", 422, visit("v1", 6 * MINUTE));
    await refused("2 years ahead", 422, visit("v2", 730 * 24 * 60 * MINUTE));
    await taken("4 minutes ahead", visit("v3", 4 * MINUTE));
    const before = (await school.call("GET", "/v1/users/u1")).last_seen.school;
    await taken("40 days ago", visit("v4", -40 * 24 * 60 * MINUTE));
    holds("never backwards", (await school.call("GET", "/v1/users/u1")).last_seen.school === before);
  },
  37: async ({ taken, refused, school, holds }) => {
    const progressed = (percent) => ({
      headers: JSON_TYPE,
      body: JSON.stringify(base({ type: "course.progressed", data: { course: "c", percent: 0 } })).replace(
        '"percent":0',
        `"percent":${percent}`,
      ),
    });
    for (const percent of ["101", "-1", '"50"', "1e400"]) await refused(percent, 422, progressed(percent));
    const number = (n) => ({
      headers: JSON_TYPE,
      body: `{"id":"n","type":"custom.x","user":{"id":"u1"},"data":{"n":${n}}}`,
    });
    await refused("beyond 2^53", 422, number("9007199254740993"));
    await taken("-0", number("-0"));
    const { data } = await school.call("GET", "/v1/users/u1/timeline");
    holds("kept as 0", Object.is(data.at(-1).data.n, 0));
  },
  38: async ({ taken, refused, holds }) => {
    const batch = (list) => ({ path: "/v1/events/batch", body: { events: list } });
    const many = (count) =>
      Array.from({ length: count }, (_, n) => base({ id: `b${n}`, user: { id: `u${n % 7}` }, type: "user.signed_in" }));
    await refused("501", 422, batch(many(501)));
    await refused("none", 422, batch([]));
    const hundred = many(100);
    hundred[49] = { ...hundred[49], type: "nope" };
    const { results = [] } = (await taken("one bad", batch(hundred))) ?? {};
    holds("results[49] is a problem", results[49]?.status === 422);
    holds("99 applied", results.filter((one) => one.duplicate === false).length === 99);
    const twice = await taken("the same id twice", batch([base({ id: "t" }), base({ id: "t" })]));
    holds("the second is a duplicate", twice?.results[1].duplicate === true);
    await refused("one event", 422, { path: "/v1/events/batch", body: base() });
  },
  39: async ({ school, send, client, holds, renew, note }) => {
    note("10,000 requests/s are more than this machine sends: tried with a user's token, whose limit is 100 in 10 s");
    const token = userToken((await school.call("POST", "/v1/signing-secret")).secret, claimsOf(school.id, "u1"));
    // Wherever the ten seconds end among them, they are more than two times the limit.
    const visits = Array.from({ length: 320 }, (_, n) => ({
      token,
      body: { id: `flood-${n}`, type: "school.visited", user: { id: "u1" } },
    }));
    const answers = [];
    for (let from = 0; from < visits.length; from += 16)
      answers.push(...(await Promise.all(visits.slice(from, from + 16).map(send))));
    const refused = answers.filter(({ status }) => status === 429);
    holds("429 with Retry-After", refused.length > 0 && refused.every(({ headers }) => headers["retry-after"]));
    holds(
      "nothing else",
      answers.every(({ status }) => status === 200 || status === 429),
    );
    await renew();
    const { state } = await school.call("GET", "/v1/users/u1/export");
    holds(
      "none half applied",
      state !== null &&
        (await client.must({ method: "GET", path: "/v1/users/u1", token: school.key })).last_seen.school !== null,
    );
    const other = await newSchool(client);
    holds("another school's is taken", (await other.event("school.visited", "u1")).duplicate === false);
  },
  40: async ({ refused, taken, client, holds, send }) => {
    await refused("PUT", 405, { ...event(), method: "PUT" });
    await taken("a method override", { ...event(), headers: { "x-http-method-override": "DELETE" } });
    await refused("//v1/events", 404, { ...event({ id: "e2" }), path: "//v1/events" });
    await refused("/v1/events/", 404, { ...event({ id: "e2" }), path: "/v1/events/" });
    const trace = await client.raw(`TRACE /v1/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    holds("TRACE", /^HTTP\/1.1 (?:4\d\d|501)/.test(trace) || trace === "");
    const admin = await send({ method: "GET", path: "/v1/%2e%2e/admin", token: undefined });
    holds("the admin's own sign-in", [401, 404].includes(admin.status) || (admin.status >= 300 && admin.status < 400));
  },
  41: async ({ client, school, unchanged, holds }) => {
    const smuggled = `POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${school.key}\r\nContent-Type: application/json\r\nContent-Length: 62\r\n\r\n{"id":"smuggled","type":"user.signed_in","user":{"id":"evil"}}`;
    const both = await client.raw(
      `${requestHead(client, school, ["Content-Length: 4", "Transfer-Encoding: chunked"])}0\r\n\r\n${smuggled}`,
    );
    holds("both lengths: refused or closed", both === "" || /^HTTP\/1.1 [45]/.test(both));
    const two = await client.raw(
      `${requestHead(client, school, ["Content-Length: 2", "Content-Length: 4"])}{}  ${smuggled}`,
    );
    holds("two lengths: refused or closed", two === "" || /^HTTP\/1.1 [45]/.test(two));
    const { data } = await school.call("GET", "/v1/users");
    holds("nothing smuggled in", !data.some(({ id }) => id === "evil"));
    const host = await client.raw("GET /v1/users HTTP/1.1\r\nHost: evil.com/../x\r\nConnection: close\r\n\r\n");
    holds("an odd Host", host === "" || /^HTTP\/1.1 4/.test(host));
    await unchanged("smuggling");
  },
  42: async ({ school, client, holds, renew, refused, send }) => {
    const a = await newSchool(client);
    const { id: automation } = await a.call("POST", "/v1/automations", {
      name: "a",
      active: true,
      when: [{ type: "user.signed_up" }],
      then: [
        { type: "email.user", subject: "S", body: "B" },
        { type: "wait", for: "P1D" },
      ],
    });
    await a.event("user.signed_up", { id: "theirs", email: "a@example.com" });
    await a.settle();
    const first = async (list) => (await a.call("GET", `/v1/${list}`)).data[0].id;
    const segment = await a.call("POST", "/v1/segments", { id: "theirs", name: "S" });
    const { job_id: job } = await a.call("POST", "/v1/users/import", "id\nx\n", { "content-type": "text/csv" });
    await renew();
    for (const [method, path, id, body] of [
      ["GET", "/v1/users/:id", "theirs"],
      ["PATCH", "/v1/automations/:id", automation, { name: "b" }],
      ["POST", "/v1/runs/:id/cancel", await first("runs")],
      ["GET", "/v1/jobs/:id", job],
      ["GET", "/v1/deliveries/:id", await first("deliveries")],
      ["GET", "/v1/segments/:id/members", segment.id],
    ]) {
      const theirs = await refused(`${method} ${path}`, 404, { method, path: path.replace(":id", id), body });
      const nobodys = await send({ method, path: path.replace(":id", `${id.slice(0, -4)}zzzz`), body });
      holds(`${path} like a random id`, theirs.status === nobodys.status && theirs.text === nobodys.text);
    }
    holds("B holds nothing", (await school.call("GET", "/v1/users")).data.length === 0);
  },
};
