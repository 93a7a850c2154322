import { type Metered, measure } from "../base/reports/metrics";
import type { Caller } from "./access/credentials";
import type { Route } from "./route";

/** Notes how long an answer took; `route` and `caller` where it came so far. A request for a page has none. */
export function noteAnswer(
  env: Metered,
  beganMs: number,
  route: Route | undefined,
  caller: Caller | null | undefined,
  status: number,
): void {
  measure(env, "answer", {
    ms: Date.now() - beganMs,
    ...(caller?.school ? { school: caller.school.id } : {}),
    ...(route ? { subject: `${route.method} ${route.path}` } : {}),
    status,
  });
}
