import type { D1Migration } from "cloudflare:test";
import type { SchoolObject, UserObject } from "../durable-objects/doors";
import type { Bindings } from "../src/base/env";

declare global {
  /** What Vite gives a test's module. */
  interface ImportMeta {
    env: Record<string, unknown>;
    glob<T>(pattern: string, options: { query: string; import: string; eager: true }): Record<string, T>;
  }
  namespace Cloudflare {
    /** What `env` of cloudflare:workers holds in tests. */
    interface Env extends Bindings {
      USERS: DurableObjectNamespace<UserObject>;
      SCHOOLS: DurableObjectNamespace<SchoolObject>;
      ADMIN_TOKEN: string;
      SECRET_KEY: string;
      EVIDENCE_KEY: string;
      PUBLIC_URL: string;
      LOCAL: string;
      UPGRADED: D1Database;
      UNMIGRATED: D1Database;
      TEST_LOG_MIGRATIONS: D1Migration[];
      TEST_MIGRATIONS: D1Migration[];
    }
    interface GlobalProps {
      mainModule: typeof import("../src/index");
    }
  }
}

declare module "vitest" {
  interface ProvidedContext {
    /** Of the simulation, where others than its own are asked for. */
    seeds?: number[];
    /** How many ways to spell each address are tried, where more are asked for than in a hurry. */
    most?: number;
    /** How many users a school of the bench has. */
    users?: number;
  }
}
