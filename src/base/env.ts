import { z } from "zod";

/** Platform bindings, by the names of wrangler.toml. */
export interface Bindings {
  /** Named by no class: what may be called on a user's object is `calls/user.ts`. */
  USERS: DurableObjectNamespace;
  DB: D1Database;
  ACTIONS: Queue<unknown>;
  LOG: Queue<unknown>;
  /** Cloudflare Email Service; bound only where the school's account has it. */
  EMAIL?: SendEmail;
  /** Requests a secret key, and a user token, may make in a period; unlimited where not bound. */
  KEY_LIMIT?: RateLimit;
  USER_LIMIT?: RateLimit;
}

const variables = z.object({
  /** The platform token. */
  ADMIN_TOKEN: z.string().min(8),
  /** 32 bytes, base64: peppers key digests, wraps connector secrets, signs unsubscribe links. */
  SECRET_KEY: z.base64().min(40),
  /** Where this Worker is reached from outside, without a slash at the end. */
  PUBLIC_URL: z.url().default("http://localhost:8787"),
  /** "true" in local development: sign-in links are printed too, and shown on the page that asks for one. */
  LOCAL: z.stringbool().default(false),
  /** How sign-in links are mailed, see `connectors/platform.ts`. Left out, they are not: no school's connector ever carries one. */
  PLATFORM_EMAIL: z.string().optional(),
  /** Cloudflare Access in front of /admin: `<team>.cloudflareaccess.com` and the application's audience tag. */
  ACCESS_TEAM_DOMAIN: z.hostname().optional(),
  ACCESS_AUD: z.string().min(1).optional(),
});

export type Env = Bindings & Record<string, unknown>;
export type Variables = z.infer<typeof variables>;

const parsed = new WeakMap<object, Variables>();

/** The Worker's variables and secrets, checked once per isolate; throws when one is missing or misshapen. */
export function variablesOf(env: object): Variables {
  let found = parsed.get(env);
  if (!found) {
    const read = variables.safeParse(env);
    // Names what is wrong and where in one line of the log, and never what was given.
    if (!read.success) throw new Error(`variables: ${z.prettifyError(read.error).replaceAll(/\s+/g, " ")}`);
    found = read.data;
    parsed.set(env, found);
  }
  return found;
}
