import type { Jurisdiction } from "../../../base/jurisdiction";
import { say } from "../../../language/say";

/** Where a school's data is kept. */
export const jurisdictionName = (jurisdiction: NonNullable<Jurisdiction>): string =>
  jurisdiction === "eu" ? say("in the European Union") : say("in the United States");
