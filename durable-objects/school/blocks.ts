import { bytesOf } from "../../src/base/bytes";
import { log } from "../../src/base/reports/log";
import type { SentChange } from "../../src/catalogue/facts/changes";
import { isRecord } from "../../src/definition/types";

/*
 * Changes lie many to a row, as lines of JSON. Who was erased leaves a blank line as long as the change was: the places
 * of the others stay, and SQLite writes a row of the same length over the old one, where it would else leave a copy in
 * free space.
 */

/** A block is cut there, so that a row stays well under the platform's 2 MB. */
export const BLOCK_BYTES = 1_000_000;
/** More a row cannot hold. What our own limits allow is shorter, but for messages of control characters alone. */
const ROW_BYTES = 1_900_000;

export interface Block {
  count: number;
  /** Whose changes are in it: ids as JSON. Before the body, so that a search reads no bodies. */
  users: string;
  body: string;
}

/** Whose a line is; null: it is blank. */
export interface Line {
  user: string;
  id: string;
}

export function readLine(line: string): Line | null {
  if (!isLine(line)) return null;
  const change: unknown = JSON.parse(line);
  if (!isRecord(change) || typeof change.user !== "string" || typeof change.id !== "string") return null;
  return { user: change.user, id: change.id };
}

/** Whether there is a change in a line. */
export const isLine = (line: string): boolean => line.startsWith("{");

export const linesOf = (body: string): string[] => body.split("\n");

/** How a user stands among those of a block. */
export const nameIn = (user: string): string => JSON.stringify(user);

const namesOf = (users: Iterable<string>): string => [...new Set(users)].map(nameIn).join(" ");

/** Changes as blocks, in their order: one, or as many as their length asks for. */
export function blocksOf(changes: readonly SentChange[], mostBytes = BLOCK_BYTES): Block[] {
  const blocks: Block[] = [];
  let lines: string[] = [];
  let users: string[] = [];
  let bytes = 0;
  const close = (): void => {
    if (lines.length) blocks.push({ count: lines.length, users: namesOf(users), body: lines.join("\n") });
    lines = [];
    users = [];
    bytes = 0;
  };
  for (const change of changes) {
    const line = JSON.stringify(change);
    const length = bytesOf(line);
    if (length > ROW_BYTES) {
      log("error", "feed.too_long", { user: change.user, subject: change.id });
      continue;
    }
    if (bytes + length > mostBytes) close();
    lines.push(line);
    users.push(change.user);
    bytes += length;
  }
  close();
  return blocks;
}

/** A block without what `isMeant` says of its lines, as long as before; null: nothing of it is. */
export function blanked({ count, users, body }: Block, isMeant: (line: Line) => boolean): Block | null {
  const left: string[] = [];
  let isChanged = false;
  const lines = linesOf(body).map((text) => {
    const line = readLine(text);
    if (!line) return text;
    if (!isMeant(line)) {
      left.push(line.user);
      return text;
    }
    isChanged = true;
    return " ".repeat(bytesOf(text));
  });
  if (!isChanged) return null;
  const names = namesOf(left);
  return { count, users: names + " ".repeat(bytesOf(users) - bytesOf(names)), body: lines.join("\n") };
}
