// The largest that may be sent of everything, to the byte: taken, or refused by 413 or 422, never a 5xx, and within a
// time. A byte more is a 413. What is accepted is then lived with: the events happen, the jobs end.
import { faultsOfRefusal } from "./client.mjs";
import { newSchool } from "./school.mjs";

const KIB = 1_024;
const MIB = KIB * KIB;
/** No answer may take longer, on a machine that does other things too. */
const ANSWER_MS = 15_000;

/** So many users at once: each is an object with files of its own, and a machine opens no more than some hundreds. */
const USERS = 50;

const filler = (length) => "x".repeat(length);

/** JSON of exactly so many bytes: `make` is given the length of a text within it. */
function exactly(bytes, make) {
  const least = Buffer.byteLength(JSON.stringify(make(1)));
  return JSON.stringify(make(1 + bytes - least));
}

/** What is sent: {what, method, path, type, body(bytes), limit, least}; `limit`: bytes of the body that are taken at most. */
function inputs(short) {
  const tags = (count, mark) =>
    Array.from({ length: count }, (_, n) => `${filler(120)}-${mark}${String(n).padStart(4, "0")}`);
  const event = (n, data) => ({ id: `largest-${n}`, type: "custom.step", user: { id: `u${n % USERS}` }, data });
  const step = (n) => ({ type: "tags.add", tags: tags(10, `s${n}-`) });
  const nested = (depth) =>
    depth === 0 ? [step(0)] : [{ type: "branch", if: { type: "user.is_paying" }, yes: nested(depth - 1), no: [] }];
  const automation = (then, more = {}) => ({
    name: "Largest",
    when: [{ type: "custom", name: "step" }],
    then,
    ...more,
  });
  const json = (what, method, path, limit, make) => ({
    what,
    method,
    path,
    limit,
    body: (bytes) => exactly(bytes, make),
  });
  const whole = (what, method, path, body) => ({ what, method, path, limit: null, body: () => JSON.stringify(body) });
  const csv = (what, path, limit, header, line) => ({
    what,
    method: "POST",
    path,
    type: "text/csv",
    limit,
    body: (bytes) => {
      const lines = [header];
      for (let n = 0, length = header.length + 1; ; n++) {
        const next = line(n);
        if (length + next.length + 1 > bytes - 300) return `${lines.join("\n")}\n${filler(0)}`.padEnd(bytes, "\n");
        length += next.length + 1;
        lines.push(next);
      }
    },
  });
  const importBytes = short ? null : 32 * MIB;
  return [
    json("an event of 64 KiB", "POST", "/v1/events", 64 * KIB, (length) => event(0, { text: filler(length) })),
    json("a batch of 1 MiB", "POST", "/v1/events/batch", MIB, (length) => ({
      events: Array.from({ length: 500 }, (_, n) => event(n, { text: filler(n === 499 ? length : 1_900) })),
    })),
    whole("500 events of one user", "POST", "/v1/events/batch", {
      events: Array.from({ length: 500 }, (_, n) => ({ ...event(n, { n }), id: `one-${n}`, user: { id: "one" } })),
    }),
    ...Array.from({ length: 5 }, (_, n) =>
      whole(`tags ${n * 200} to ${n * 200 + 200} of a user`, "POST", "/v1/events", {
        type: "tag.added",
        user: { id: "tagged" },
        data: { tag: Array.from({ length: 200 }, (_, k) => `tag-${n}-${k}`) },
      }),
    ),
    ...Array.from({ length: 5 }, (_, n) =>
      whole(`tags ${n * 200} to ${n * 200 + 200} of a user, as long as they may be`, "POST", "/v1/events", {
        type: "tag.added",
        user: { id: "long-tagged" },
        data: { tag: tags(200, `t${n}-`) },
      }),
    ),
    whole("more tags than a user may have", "POST", "/v1/events", {
      type: "tag.added",
      user: { id: "tagged" },
      data: { tag: tags(200, "more-") },
    }),
    json("an automation of 256 KiB", "POST", "/v1/automations", 256 * KIB, (length) =>
      automation(
        [0, 1, 2].map((n) => ({ type: "email.user", subject: "S", body: filler(n === 2 ? length : 85_000) })),
        { active: false },
      ),
    ),
    whole(
      "an automation of 100 steps",
      "POST",
      "/v1/automations",
      automation(Array.from({ length: 100 }, (_, n) => step(n))),
    ),
    whole("branches five deep", "POST", "/v1/automations", automation(nested(5))),
    whole("the same, with ten triggers", "POST", "/v1/automations", {
      ...automation([step(1)]),
      when: Array.from({ length: 10 }, (_, n) => ({ type: "custom", name: `step_${n}` })),
    }),
    whole("definitions by the thousand", "PUT", "/v1/import", {
      segments: Array.from({ length: short ? 1_000 : 5_000 }, (_, n) => ({
        id: `seg-${n}`,
        name: filler(200),
        managed: false,
      })),
    }),
    whole("an enrolment of as many as a call takes", "POST", "/v1/automations/:automation/enrol", {
      users: Array.from({ length: 10_000 }, (_, n) => `u${n % USERS}`),
    }),
    csv(
      "users by file",
      "/v1/users/import",
      importBytes ?? 2 * MIB,
      "id,username,tags",
      (n) => `imported-${n % USERS},${filler(200)},a|b|c`,
    ),
    csv("segments by file", "/v1/segments/import", importBytes ?? MIB, "id,name", (n) => `by-file-${n},${filler(200)}`),
  ].map((one) => ({ ...one, isCut: one.type === "text/csv" && short }));
}

/** @returns `figures` {inputs, taken, refused, fives, slowestMs}, and `faults` */
export async function largest({ client, short }) {
  const faults = [];
  const figures = { inputs: 0, taken: 0, refused: 0, fives: 0, slowestMs: 0 };
  const school = await newSchool(client, { mode: "live" });
  const { id: automation } = await school.call("POST", "/v1/automations", {
    name: "A",
    synchronous: true,
    when: [{ type: "custom", name: "step" }],
    then: [{ type: "tags.add", tags: ["seen"] }],
  });
  const send = async ({ what, method, path, type = "application/json" }, body) => {
    figures.inputs++;
    const headers = { "content-type": type };
    const asked = { method, path: path.replace(":automation", automation), token: school.key, headers, body };
    const answer = await client
      .send(asked)
      .catch((error) => ({ status: 599, text: String(error), headers: {}, ms: 0 }));
    const { status, text, ms } = answer;
    figures.slowestMs = Math.max(figures.slowestMs, Math.round(ms));
    if (ms > ANSWER_MS) faults.push(`${what}: ${Math.round(ms)} ms`);
    if (status >= 500) {
      figures.fives++;
      faults.push(`${what}: ${status} ${text.slice(0, 300)}`);
    } else if (status < 300) figures.taken++;
    else {
      figures.refused++;
      if (status !== 413 && status !== 422) faults.push(`${what}: ${status} ${text.slice(0, 300)}`);
      for (const fault of faultsOfRefusal(answer)) faults.push(`${what}: ${fault}`);
    }
    return answer;
  };
  const jobs = [];
  for (const one of inputs(short)) {
    const body = one.body(one.limit);
    if (one.limit !== null && Buffer.byteLength(body) !== one.limit)
      faults.push(`${one.what} has ${Buffer.byteLength(body)} bytes`);
    const { json, status, text } = await send(one, body);
    if (one.limit !== null && status >= 300) faults.push(`${one.what}: ${status} ${text.slice(0, 300)}`);
    if (json?.job_id) jobs.push(json.job_id);
    if (one.limit === null || one.isCut) continue;
    const more = await send({ ...one, what: `${one.what}, and a byte` }, one.body(one.limit + 1));
    if (more.status !== 413) faults.push(`${one.what}, and a byte: ${more.status} instead of 413`);
  }
  // What must not be said in passing: the tags of a user end at a thousand.
  const { tags } = await school.call("GET", "/v1/users/tagged");
  if (tags.length > 1_000) faults.push(`a user has ${tags.length} tags`);
  // Nobody is to wait for them at a later test.
  for (const id of jobs) await client.send({ method: "DELETE", path: `/v1/jobs/${id}`, token: school.key });
  return { figures, faults };
}
