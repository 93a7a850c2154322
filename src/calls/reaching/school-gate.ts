import type { Env } from "../../base/env";
import type { AdmitFor } from "../../connectors";
import { schoolObject } from "./stub";

/** Has a school's own object count what goes to a vendor that holds the school to a rate. */
export const admitFor =
  (env: Env, school: { id: string; epoch: number }): AdmitFor =>
  (rate) =>
  (mostMs) =>
    schoolObject(env, school).admit(rate, mostMs);
