import { readFileSync } from "node:fs";

/** Throws for a fault, {name, file, find, plant}, of which what it replaces is not there exactly once. */
export function requirePlace({ name, file, find }) {
  if (readFileSync(new URL(`../../${file}`, import.meta.url), "utf8").split(find).length !== 2)
    throw new Error(`"${name}": ${file} does not have it exactly once:\n${find}`);
}
