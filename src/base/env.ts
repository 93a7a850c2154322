import * as z from "zod";

/** Platform bindings, by the names of wrangler.toml. */
export interface Bindings {
  /** Named by no class: what may be called on a user's object is `calls/user.ts`. */
  USERS: DurableObjectNamespace;
  /** The same of a school's: `calls/school.ts`. */
  SCHOOLS: DurableObjectNamespace;
  DB: D1Database;
  ACTIONS: Queue<unknown>;
  DELIVERIES: Queue<unknown>;
  SLOW_DELIVERIES: Queue<unknown>;
  JOBS: Queue<unknown>;
  LOG: Queue<unknown>;
  /** Cloudflare Email Service; bound only where the school's account has it. */
  EMAIL?: SendEmail;
  /** Answers DNS over HTTPS in the place of Cloudflare's public resolver. */
  DNS?: Fetcher;
  /** Requests a secret key, and a user token, may make in a period, and what quotas of schools are counted by; unlimited where not bound. */
  KEY_LIMIT?: RateLimit;
  USER_LIMIT?: RateLimit;
  SCHOOL_LIMIT?: RateLimit;
  /** What docs/slo.md promises, measured; nothing is where it is not bound. */
  METRICS?: AnalyticsEngineDataset;
  /** Which version of the Worker is deployed, for the operator's page. */
  RELEASE?: WorkerVersionMetadata;
}

/** Without which nothing works; the others are left out where an account has them not. */
const NEEDED = [
  "DB",
  "USERS",
  "SCHOOLS",
  "ACTIONS",
  "DELIVERIES",
  "SLOW_DELIVERIES",
  "JOBS",
  "LOG",
] as const satisfies readonly (keyof Bindings)[];

const SECRET_BYTES = 32;
const bytesOfBase64 = (text: string): number => Math.floor((text.replace(/=+$/, "").length * 3) / 4);

const secretKey = z
  .base64()
  .refine((text) => bytesOfBase64(text) >= SECRET_BYTES, `fewer than ${SECRET_BYTES} bytes, written in base64`);

/** What the quota of a school may be, in requests a minute, and what it is unless something else is said. */
export const QUOTA = { least: 6_000, most: 60_000_000, usual: 600_000 } as const;

const variables = z.object({
  /** The platform token. */
  ADMIN_TOKEN: z.string().min(8),
  /** 32 bytes, base64: peppers key digests, wraps connector secrets, signs unsubscribe links. */
  SECRET_KEY: secretKey,
  /**
   * A second one while SECRET_KEY becomes another; one of these at most. NEXT takes its place at once, and SECRET_KEY then
   * only opens; PREVIOUS is the one before, and only opens.
   */
  SECRET_KEY_NEXT: secretKey.optional(),
  SECRET_KEY_PREVIOUS: secretKey.optional(),
  /** 32 bytes, base64, by which evidence packs are signed (Ed25519), and nothing else. Left out, none are made. */
  EVIDENCE_KEY: secretKey.optional(),
  /** How much a school may send, in requests a minute, where nothing is said of the school itself: `world/quota.ts`. */
  SCHOOL_QUOTA: z.coerce.number().int().min(QUOTA.least).max(QUOTA.most).default(QUOTA.usual),
  /** Where this Worker is reached from outside, without a slash at the end. */
  PUBLIC_URL: z.url().default("http://localhost:8787"),
  /** "true" in local development: sign-in links are printed too, and shown on the page that asks for one. */
  LOCAL: z.stringbool().default(false),
  /** How sign-in links are mailed, see `connectors/mail/platform.ts`. Left out, they are not: no school's connector ever carries one. */
  PLATFORM_EMAIL: z.string().optional(),
  /** Whom holes in security are told to, for `/.well-known/security.txt`: an address or a URL. Left out, there is no such file. */
  SECURITY_CONTACT: z.union([z.email(), z.url({ protocol: /^https|mailto|tel$/ })]).optional(),
  /** Cloudflare Access in front of /admin: `<team>.cloudflareaccess.com` and the application's audience tag. */
  ACCESS_TEAM_DOMAIN: z.hostname().optional(),
  ACCESS_AUD: z.string().min(1).optional(),
});

/** What is set together or not at all: one of them alone would switch off in silence what both are for. */
const TOGETHER: readonly (readonly (keyof Variables)[])[] = [["ACCESS_TEAM_DOMAIN", "ACCESS_AUD"]];

export type Env = Bindings & Record<string, unknown>;
export type Variables = z.infer<typeof variables>;

interface Read {
  found: Variables | null;
  /** What is missing or misshapen, by name; never what was given. */
  faults: string[];
}

const isSet = (env: object, name: string): boolean =>
  // Only looked up by name.
  (env as Readonly<Record<string, unknown>>)[name] !== undefined;

function read(env: object): Read {
  const { data, error } = variables.safeParse(env);
  const faults = [
    ...(error?.issues ?? []).map(({ path, message }) => {
      const name = String(path[0]);
      return isSet(env, name) ? `${name} is not as it must be (${message})` : `${name} is not set`;
    }),
    ...TOGETHER.flatMap((names) => {
      const missing = names.filter((name) => !isSet(env, name));
      const others = names.filter((name) => isSet(env, name));
      return others.length ? missing.map((name) => `${name} is not set, though ${others.join(" and ")} is`) : [];
    }),
    ...(data?.SECRET_KEY_NEXT && data.SECRET_KEY_PREVIOUS
      ? ["SECRET_KEY_NEXT and SECRET_KEY_PREVIOUS are both set: one rotation at a time"]
      : []),
  ];
  return { found: faults.length ? null : (data ?? null), faults };
}

const known = new WeakMap<object, Read>();

function knownOf(env: object): Read {
  let of = known.get(env);
  if (!of) {
    of = read(env);
    known.set(env, of);
  }
  return of;
}

/** The Worker's variables and secrets, checked once per isolate; throws when one is missing or misshapen. */
export function variablesOf(env: object): Variables {
  const { found, faults } = knownOf(env);
  if (!found) throw new Error(`variables: ${faults.join("; ")}`);
  return found;
}

/** The Worker's secret, and while it becomes another the one before it. */
export interface SecretKeys {
  /** By which all is sealed, signed and derived that is made now; 32 bytes in base64. */
  readonly made: string;
  /** By which what was made before still opens; null: there is none. */
  readonly before: string | null;
}

/** The secrets that things are sealed and known again by. */
export function secretKeysOf(env: object): SecretKeys {
  const { SECRET_KEY, SECRET_KEY_NEXT, SECRET_KEY_PREVIOUS } = variablesOf(env);
  const made = SECRET_KEY_NEXT ?? SECRET_KEY;
  const other = SECRET_KEY_NEXT === undefined ? SECRET_KEY_PREVIOUS : SECRET_KEY;
  return { made, before: other === undefined || other === made ? null : other };
}

/** What keeps the Worker from being used, by name: variables missing, misshapen or set by half, bindings missing. */
export const faultsOfEnv = (env: object): string[] => [
  ...knownOf(env).faults,
  ...NEEDED.filter((name) => !isSet(env, name)).map((name) => `the binding ${name} is missing`),
];
