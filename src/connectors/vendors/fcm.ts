import { importPKCS8, SignJWT } from "jose";
import * as z from "zod";
import { sha256Hex } from "../../base/bytes";
import { Cache, once } from "../../base/cache";
import { callVendor, failed, judgeVendor, type Reply } from "../calling/http";
import { secret } from "../options";
import { defineConnector, type SendResult, type Tools } from "../ports";

// Not the file's own token_uri: the key must not be shown to an address that a school chose.
const TOKEN_URL = "https://oauth2.googleapis.com/token";
const SCOPE = "https://www.googleapis.com/auth/firebase.messaging";
const TOKEN_LIFE_S = 3_600;
/** A token is left before it ends, so that it lives through the request. */
const MARGIN_MS = 60_000;
const MOST_TOKENS_CACHED = 200;

const serviceAccount = once(() =>
  z.object({
    project_id: z.string().regex(/^[a-z0-9:.-]{1,64}$/),
    client_email: z.string().min(3),
    private_key: z.string().startsWith("-----BEGIN PRIVATE KEY-----"),
  }),
);
type ServiceAccount = z.infer<ReturnType<typeof serviceAccount>>;

function readAccount(text: string): ServiceAccount | null {
  try {
    return serviceAccount().safeParse(JSON.parse(text)).data ?? null;
  } catch {
    // Not JSON: no account.
    return null;
  }
}

/** RFC 7523: a JWT signed by the account, exchanged for an access token. */
async function assertion(account: ServiceAccount, nowMs: number): Promise<string> {
  const key = await importPKCS8(account.private_key, "RS256");
  const iat = Math.floor(nowMs / 1_000);
  return new SignJWT({ iss: account.client_email, scope: SCOPE, aud: TOKEN_URL, iat, exp: iat + TOKEN_LIFE_S })
    .setProtectedHeader({ alg: "RS256", typ: "JWT" })
    .sign(key);
}

const tokenAnswer = once(() => z.object({ access_token: z.string(), expires_in: z.number() }));

/** By a digest of the whole account: whoever does not hold its key finds nothing here. */
const tokens = new Cache<{ token: string }>({ entries: MOST_TOKENS_CACHED });

async function accessToken(
  text: string,
  account: ServiceAccount,
  tools: Tools,
): Promise<{ token: string } | SendResult> {
  const id = await sha256Hex(text);
  const known = tokens.get(id, tools.now());
  if (known) return known;

  const jwt = await assertion(account, tools.now()).catch(() => null);
  if (jwt === null) return { ok: false, error: "the private key of the service account cannot be read", retry: false };
  const answer = await callVendor(tools, TOKEN_URL, {
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: jwt }).toString(),
  });
  const sending = judgeVendor(answer);
  if (!sending.ok || !answer.reached) return sending.ok ? sending : { ...sending, error: `sign-in: ${sending.error}` };
  const granted = tokenAnswer().safeParse(parsed(answer.text)).data;
  if (!granted) return failed(answer, "sign-in: an answer without a token", true);

  return tokens.set(id, { token: granted.access_token }, tools.now() + granted.expires_in * 1_000 - MARGIN_MS);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Whoever reads it takes it through a schema, which undefined does not pass.
    return undefined;
  }
}

const fcmError = once(() =>
  z.object({
    error: z.object({ details: z.array(z.looseObject({ errorCode: z.string().optional() })).default([]) }),
  }),
);

/** The device has left: the vendor says so by 404 with UNREGISTERED. */
const isGone = (answer: Reply) =>
  answer.reached &&
  answer.status === 404 &&
  (fcmError()
    .safeParse(parsed(answer.text))
    .data?.error.details.some((d) => d.errorCode === "UNREGISTERED") ??
    false);

export const fcm = defineConnector({
  name: "fcm",
  channel: "push",
  label: "Firebase Cloud Messaging",
  description:
    "Sends push notifications to the learner's devices. Where its answer is lost on the way, one may arrive twice.",
  settings: z.strictObject({
    service_account: secret().refine((text) => readAccount(text) !== null, {
      error: "not the JSON file of a service account (project_id, client_email, private_key)",
    }),
  }),
  host: () => "fcm.googleapis.com",

  async send(parcel, settings, tools) {
    const account = readAccount(settings.service_account);
    if (!account) return { ok: false, error: "not a service account", retry: false };
    const devices = parcel.user.pushTokens;
    if (devices.length === 0) return { ok: false, error: "the user has no device", retry: false };
    const access = await accessToken(settings.service_account, account, tools);
    if ("ok" in access) return access;

    const { title, body, url } = parcel.content;
    const sent = await Promise.all(
      devices.map(async (device) => {
        const answer = await callVendor(
          tools,
          `https://fcm.googleapis.com/v1/projects/${account.project_id}/messages:send`,
          {
            headers: { authorization: `Bearer ${access.token}`, "content-type": "application/json" },
            body: JSON.stringify({
              message: {
                token: device,
                notification: { title, body },
                data: { delivery: parcel.key, ...(url ? { url } : {}) },
              },
            }),
          },
        );
        return { device, gone: isGone(answer), sending: judgeVendor(answer) };
      }),
    );
    const gone = sent.filter((one) => one.gone).map((one) => one.device);
    const told = gone.length > 0 ? { gone } : {};
    const done = sent.filter((one) => one.sending.ok).length;
    // One device reached is the user reached: trying the others again would ring that one twice.
    if (done > 0) return { ok: true, code: 200, detail: `${done} of ${devices.length} devices`, ...told };
    const best = sent.find((one) => !one.sending.ok && one.sending.retry) ?? sent[0];
    // An old token may have been taken back before its end.
    if (best?.sending.code === 401) {
      tokens.delete(await sha256Hex(settings.service_account));
      return { ok: false, code: 401, error: "401: the access token was refused", retry: true, ...told };
    }
    return { ...(best?.sending ?? { ok: false, error: "nothing sent", retry: false }), ...told };
  },
});
