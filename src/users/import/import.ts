import type { Changed } from "../../calls/user";
import { limitText } from "../../catalogue/facts/limits";
import type { JobScene } from "../../jobs/define";
import { defineImport } from "../../jobs/files/lines";
import { spellTags } from "../../world/naming/spelling";
import { loadWorld } from "../../world/world";
import { takeLeadOver } from "../merging/leads";
import { type Imported, readImported, readLine, USER_COLUMNS } from "./line";
import { askAtEnd, changeInPage, tellImported } from "./telling";

/**
 * Makes a user or merges into one that is there. D1 hears of it at the end of the page: see `tellImported`.
 * @param options `creates` false: who is not there is not made; `trace`: that the call behind it named
 * @returns what is wrong, or null
 */
export async function importUser(
  scene: JobScene,
  given: Imported,
  { fire, creates, trace }: { fire: boolean; creates: boolean; trace: string | null },
): Promise<string | null> {
  const { env, school, job } = scene;
  const { school: view } = await loadWorld(env, school);
  const read = readImported(view, given);
  if ("faults" in read) return read.faults.join("; ");
  const { user, attributes, tags } = read;
  const spelled = await spellTags(env, school, tags);
  const origin = { by: "import", id: job } as const;
  const input = {
    kind: "import",
    attributes,
    tags: spelled,
    fire,
    origin,
    ...(trace === null ? {} : { trace }),
  } as const;
  const changed = await changeInPage(scene, user, input, { creates });
  // With `fire` a new user signs up: what was a lead of the address is the user's.
  if (changed?.created && fire && school.hasLeads) {
    askAtEnd(scene, user);
    await takeLeadOver(env, school, user, attributes.email ?? null);
  }
  return changed || creates ? refusedOf(changed) : NO_SUCH_USER;
}

/** What is wrong with a change that was not made; null: nothing. */
export const refusedOf = (changed: Changed | null): string | null =>
  changed?.refused ? limitText(changed.refused.limit) : null;

export const NO_SUCH_USER = "there is no such user";

/** Makes users and merges into those that are there. */
export const usersImport = defineImport({
  name: "users_import",
  columns: USER_COLUMNS,
  key: "id",
  // A second line of an id is a bad one.
  isUnordered: true,
  perform: async (scene, cells, { fire, dayOrders, trace }) => {
    const { school } = await loadWorld(scene.env, scene.school);
    const line = readLine(school, cells, dayOrders);
    return "faults" in line ? line.faults.join("; ") : importUser(scene, line, { fire, creates: true, trace });
  },
  endPage: tellImported,
});
