import { entry, setEntry } from "../../base/record";
import { isRecord } from "../../definition/types";

/** A value by its dotted path; own keys only. A name that has dots itself (`utm.source`) comes before a path. */
export function atPath(data: unknown, path: string): unknown {
  if (isRecord(data) && Object.hasOwn(data, path)) return data[path];
  let value: unknown = data;
  for (const key of path.split(".")) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

/** Puts a value at a dotted path, with the objects on the way there. */
export function setAtPath(data: Record<string, unknown>, path: string, value: unknown): void {
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  let place = data;
  for (const key of keys) {
    const known = entry(place, key);
    const inner: Record<string, unknown> = typeof known === "object" && known !== null ? { ...known } : {};
    setEntry(place, key, inner);
    place = inner;
  }
  setEntry(place, last, value);
}
