// Secrets of every kind, marked, and who tells them.
import { newMark } from "../school.mjs";

/** Secrets of every kind that a school gives us or is given. */
export async function keepSecrets(school) {
  const mark = (what) => newMark(what);
  const given = {
    mixpanel: mark("mixpanel"),
    ga4: mark("ga4"),
    meta: mark("meta"),
    smtp: mark("smtp"),
  };
  await school.call("PATCH", "/v1/school", {
    settings: {
      connectors: {
        mixpanel: { token: given.mixpanel },
        ga4: { measurement_id: "G-ABC123", api_secret: given.ga4 },
        meta: { pixel_id: "123456", access_token: given.meta },
      },
    },
  });
  await school
    .call("PATCH", "/v1/school", {
      settings: {
        connectors: {
          email: {
            type: "smtp",
            host: "smtp.acme.com",
            port: 465,
            user: "u",
            pass: given.smtp,
            from: "school@acme.com",
          },
        },
      },
    })
    .catch(ignoreUnsupported(given, "smtp"));
  const { secret } = await school.call("POST", "/v1/signing-secret", undefined, { "idempotency-key": "once" });
  const made = await school.call(
    "POST",
    "/v1/api-keys",
    { name: "Key", scopes: ["read"] },
    { "idempotency-key": "twice" },
  );
  // Back to what sends nothing: this school is live.
  await school.call("PATCH", "/v1/school", { settings: { connectors: { email: null } } }).catch(() => {});
  return { ...given, "signing secret": secret, "school's key": school.key, "second key": made.key };
}

const ignoreUnsupported = (given, name) => () => {
  delete given[name];
};

/** Secrets that any answer or the log tells after they were shown once. */
export async function toldSecrets(client, school, secrets, worker, user) {
  const texts = [worker.said()];
  for (const path of [
    "school",
    "api-keys",
    "export",
    "users",
    "deliveries",
    "runs",
    "automations",
    "jobs",
    `users/${user}/export`,
  ])
    texts.push((await client.send({ path: `/v1/${path}`, token: school.key })).text);
  texts.push((await client.send({ path: `/v1/schools/${school.id}`, token: client.adminToken })).text);
  return Object.values(secrets).filter((secret) => texts.some((text) => text.includes(secret))).length;
}
