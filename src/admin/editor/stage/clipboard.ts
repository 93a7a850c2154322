import { isRecord, type Step } from "../../../definition/types";

const KEY = "schoolbell.copied";

/** Keeps a copied step for this and other automations, in this browser. */
export function keep(step: Step): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(step));
  } catch {
    // Storage may be full or forbidden; copying then works for nothing and harms nothing.
  }
}

/** The step copied last; null when there is none. */
export function copied(): Step | null {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    return isRecord(found) && typeof found.type === "string" ? { ...found, type: found.type } : null;
  } catch {
    return null; // forbidden storage, or something else under our key
  }
}
