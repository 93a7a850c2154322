import type { Fault } from "../base/errors/errors";
import { isRecord } from "../definition/types";
import type { School } from "../world/snapshot";

const hasOwner = (people: unknown): boolean =>
  Array.isArray(people) && people.some((one) => isRecord(one) && one.role === "owner");

/** A school that has owners keeps one: without any nobody signed in could let others in again. */
export function faultsOfOwners(school: School, collaborators: unknown): Fault[] {
  if (collaborators === undefined || !hasOwner(school.settings.collaborators) || hasOwner(collaborators)) return [];
  return [{ path: "/settings/collaborators", message: "a school has an owner: name one" }];
}
