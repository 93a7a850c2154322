import type { D1Migration } from "cloudflare:test";
import type { Bindings } from "../src/env";

declare global {
  namespace Cloudflare {
    /** What `env` of cloudflare:workers holds in tests. */
    interface Env extends Bindings {
      ADMIN_TOKEN: string;
      SECRET_KEY: string;
      PUBLIC_URL: string;
      LOCAL: string;
      TEST_MIGRATIONS: D1Migration[];
    }
    interface GlobalProps {
      mainModule: typeof import("../src/index");
    }
  }
}
