// A school with something of everything in it, every text of it marked, and the digest of all it holds.
import { createHash, createHmac, randomBytes } from "node:crypto";

const NOW = "2026-01-05T09:00:00.000Z";

/** A text that is found nowhere by chance. */
export const newMark = (word = "mark") => `${word}${randomBytes(8).toString("hex")}`;

/** A user token: HS256 over what is claimed, unless `header` or `secret` say otherwise. */
export function userToken(secret, claims, header = { alg: "HS256", typ: "JWT" }) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part(header)}.${part(claims)}`;
  const signature = createHmac("sha256", secret).update(signed).digest("base64url");
  return `${signed}.${header.alg === "none" ? "" : signature}`;
}

export const claimsOf = (school, sub, rest = {}) => ({
  sub,
  school,
  aud: "schoolbell",
  exp: Math.floor(Date.now() / 1_000) + 3_600,
  ...rest,
});

/** A new test school: {id, key, call(method, path, body), settle(), event(type, user, data, rest)}. */
export async function newSchool(client, { id, name = "School", mode = "test", settings = {} } = {}) {
  const made = await client.must({
    method: "POST",
    path: "/v1/schools",
    token: client.adminToken,
    body: { ...(id ? { id } : {}), name, mode, ...(mode === "test" ? { now: NOW } : {}), settings },
  });
  return schoolOf(client, made.school.id, made.api_key);
}

export function schoolOf(client, id, key) {
  const call = (method, path, body, headers) => client.must({ method, path, token: key, body, headers });
  return {
    id,
    key,
    now: NOW,
    call,
    settle: async () => {
      while ((await call("POST", "/v1/test-clock", { advance: "PT0S" })).more);
    },
    event: (type, user, data = {}, rest = {}) =>
      call("POST", "/v1/events", { type, user: typeof user === "string" ? { id: user } : user, data, ...rest }),
    makeKey: async (...scopes) => (await call("POST", "/v1/api-keys", { name: scopes.join(" "), scopes })).key,
    async job(id) {
      for (let tries = 0; tries < 100; tries++) {
        const job = await call("GET", `/v1/jobs/${id}`);
        if (["done", "failed", "cancelled"].includes(job.status)) return job;
        await call("POST", "/v1/test-clock", { advance: "PT0S" });
      }
      throw new Error(`Job ${id} does not end.`);
    },
  };
}

/** Ids that a school chooses, the same in every school: "the same user in both". */
export const SHARED = {
  user: "anna",
  other: "ben",
  segment: "sales",
  field: "department",
  tag: "vip",
  course: "js-101",
  key: "open sesame",
};

/**
 * Fills a school with one of everything, `mark` in every text of it.
 * @returns `ids`: of its own things; `own`: ids that only it has where ids are its choice, without the mark, so that they
 * can be sent by others; `secrets`: shown once
 */
export async function fill(school, mark) {
  const { call } = school;
  const word = newMark("own");
  const own = {
    user: `${word}-user`,
    segment: `${word}-segment`,
    field: `f_${word}`,
    tag: `${word}-tag`,
    course: `${word}-course`,
  };
  const hidden = (what) => `${what}-${newMark("secret")}`;
  const secrets = { mixpanel: hidden("mixpanel"), ga4: hidden("ga4"), meta: hidden("meta"), key: school.key };
  await call("PATCH", "/v1/school", {
    name: `School ${mark}`,
    settings: {
      company_name: mark,
      mail_signature: mark,
      support_email: `help@${mark}.com`,
      allowed_origins: [`https://${mark}.com`],
      browser_events: ["clicked"],
      collaborators: ["owner", "editor", "viewer"].map((role) => ({ email: `${role}@${mark}.com`, role })),
      connectors: {
        mixpanel: { token: secrets.mixpanel },
        ga4: { measurement_id: "G-ABC123", api_secret: secrets.ga4 },
        meta: { pixel_id: "123456", access_token: secrets.meta },
      },
    },
  });
  secrets.signing = (await call("POST", "/v1/signing-secret")).secret;
  const spare = await call("POST", "/v1/api-keys", { name: `Key ${mark}`, scopes: ["read"] });
  secrets.spare = spare.key;
  for (const key of [SHARED.field, own.field])
    await call("POST", "/v1/profile-fields", { key, name: `Field ${mark}`, type: "text" });
  await call("POST", "/v1/segments", { id: SHARED.segment, name: `Sales ${mark}`, managed: true });
  await call("POST", "/v1/segments", { id: own.segment, name: `Own ${mark}` });
  const rule = await call("POST", "/v1/segment-rules", {
    segment: SHARED.segment,
    match: "all",
    where: [{ field: SHARED.field, op: "contains", value: mark }],
  });
  const sync = await call("POST", "/v1/segment-syncs", {
    name: `Sync ${mark}`,
    segment: SHARED.segment,
    course: own.course,
  });
  const group = await call("POST", "/v1/auto-groups", { course: SHARED.course, field: own.field });
  const method = await call("POST", `/v1/courses/${SHARED.course}/enrolment-methods`, { key: SHARED.key });
  await call("PUT", `/v1/products/course/${SHARED.course}`, { name: `Course ${mark}` });
  const when = [{ type: "form.submitted" }];
  const make = async (name, then, more = {}) =>
    (await call("POST", "/v1/automations", { name: `${name} ${mark}`, active: true, when, then, ...more })).id;
  const automation = await make("Waiting", [
    { type: "email.user", subject: `Hello ${mark}`, body: `<p>${mark} {{ event.form }}</p>` },
    { type: "message.user", body: `Message ${mark} {{ user.username }}` },
    { type: "webhook.send", url: "https://example.com/hook", body: { mark: `${mark} {{ user.email }}` } },
    { type: "wait", for: "P3D" },
    { type: "tags.add", tags: [own.tag] },
  ]);
  await make("Synchronous", [{ type: "tags.add", tags: [SHARED.tag] }], { synchronous: true });
  for (const user of [SHARED.user, SHARED.other, own.user]) {
    await school.event(
      "user.signed_up",
      {
        id: user,
        email: `${user}@${mark}.com`,
        username: `Name ${mark}`,
        source: mark,
        fields: { [SHARED.field]: `of ${mark}` },
      },
      {},
      { id: `signed-up-${user}` },
    );
    await school.event("tag.added", user, { tag: [own.tag, SHARED.tag, `tag ${mark}`] });
    await school.event("course.enrolled", user, { course: SHARED.course });
    await school.event("form.submitted", user, { form: `form-${mark}`, answers: { question: `answer ${mark}` } });
    await school.event("custom.thing", user, { text: `custom ${mark}` });
  }
  await call("PUT", `/v1/segments/${own.segment}/members/${own.user}`);
  const { job_id: job } = await importUsers(school, `id,username\n${mark}-imported,${mark}\n,${mark}\n`);
  await school.job(job);
  const { job_id: evidence } = await call("POST", "/v1/evidence", {
    course: SHARED.course,
    from: "2026-01-05T00:00:00.000Z",
    to: "2026-01-05T08:00:00.000Z",
  });
  await school.job(evidence);
  await school.settle();
  const first = async (path) => (await call("GET", path)).data[0].id;
  await call("POST", "/v1/batch", { batch: [{ type: `unheard ${mark}`, messageId: mark, userId: own.user }] });
  return {
    own,
    secrets,
    mark,
    ids: {
      schools: school.id,
      costs: school.id,
      "api-keys": spare.id,
      "auto-groups": group.id,
      method: method.id,
      product_type: "course",
      automations: automation,
      runs: await first(`/v1/runs?automation=${automation}&user=${own.user}`),
      deliveries: await first(`/v1/deliveries?user=${own.user}`),
      jobs: job,
      evidence,
      "segment-rules": rule.id,
      "segment-syncs": sync.id,
      suppressions: (await call("POST", "/v1/suppressions", { address: `nomail@${mark}.com`, detail: mark })).id,
      unmapped: (await call("GET", "/v1/unmapped")).data[0].id,
      audit: (await call("GET", "/v1/audit")).data[0].id,
      // None is made by anything that a school does.
      "dead-letters": "dead_00000000000000000000",
      hook_key: (await call("GET", "/v1/school")).hook_key,
    },
  };
}

const importUsers = (school, text) => school.call("POST", "/v1/users/import", text, { "content-type": "text/csv" });

const LISTS = [
  "users",
  "runs",
  "deliveries",
  "automations",
  "segments",
  "api-keys",
  "profile-fields",
  "segment-rules",
  "segment-syncs",
  "auto-groups",
  "jobs",
  "suppressions",
];

/** How fast a job is; when, and by which change, the log was last written; which definitions a user was last judged by. */
const NO_STATE = new Set(["unmapped_messages", "rate", "logged_at", "seq", "stamp"]);

/** Of the object that an export shows, what is known of the user: its outbox and log empty themselves. */
const stateOf = (body) => (body?.state?.state ? { ...body, state: body.state.state } : body);

/**
 * SHA-256 over all that a school shows: itself, its lists, and everything held of some users. Counters of rate and
 * times of last use are not among it. `seen.parts` holds what went in, to tell what has changed.
 */
export async function digestOf(school, users = [SHARED.user, SHARED.other]) {
  const paths = [
    "/v1/school",
    ...LISTS.map((list) => `/v1/${list}?limit=100`),
    ...users.map((user) => `/v1/users/${encodeURIComponent(user)}/export`),
  ];
  const parts = new Map();
  await Promise.all(
    paths.map(async (path) => {
      const body = await school.call("GET", path).catch((error) => ({ error: error.message }));
      parts.set(
        path,
        JSON.stringify(stateOf(body), (name, value) => (NO_STATE.has(name) ? undefined : value)),
      );
    }),
  );
  const hash = createHash("sha256");
  for (const path of paths) hash.update(parts.get(path) ?? "").update("\n");
  return { hash: hash.digest("hex"), parts };
}

/** Which parts of two digests differ. */
export const changedParts = (before, after) =>
  [...after.parts].flatMap(([path, text]) => (before.parts.get(path) === text ? [] : [path]));
