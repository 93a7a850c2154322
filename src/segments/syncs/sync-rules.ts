import type { Fault } from "../../base/errors/errors";

/*
 * What holds of a sync wherever it is written: by itself, or with all definitions of a school.
 */

interface Sync {
  active: boolean;
  role: string;
  group: string | null;
  enrol: boolean;
}

/** What is wrong with a sync in itself. */
export const syncFault = ({ enrol, group }: Pick<Sync, "enrol" | "group">): Fault[] =>
  enrol || group !== null ? [] : [{ path: "/group", message: "a sync that enrols nobody keeps a group: name it" }];

/** Whether users have to be brought in line with a change of a sync: what an inactive one gave stays as it is. */
export function movesMembers<T extends Sync & ({ onLeave: string } | { on_leave: string })>(
  before: T,
  after: T,
): boolean {
  if (leaving(before) !== leaving(after)) return true;
  if (!after.active) return false;
  return !before.active || (["role", "group", "enrol"] as const).some((name) => before[name] !== after[name]);
}

const leaving = (sync: { onLeave: string } | { on_leave: string }): string =>
  "onLeave" in sync ? sync.onLeave : sync.on_leave;
