import { AS_NAMED, type CourseId } from "../../catalogue/options/course-id";
import { lmsOf } from "../../connectors";
import { hash53 } from "../../engine/identity";
import type { Settings } from "../settings";

/* What courses are called here, by whatever names them: another id that the LMS has for one, or an address of its. */

/** Another id of a course. */
export interface OtherId {
  /** What others call it. */
  id: string;
  ours: string;
}

export interface CourseIds {
  courseId: CourseId;
  /** What is the same for the same ids: programs are kept by it. Empty: all go by what they are named by. */
  key: string;
}

/** Where the LMS is, as far as its addresses lead to courses; empty: none does. */
export function siteOf({ connectors }: Pick<Settings, "connectors">): string {
  const chosen = lmsOf(connectors);
  return chosen?.port.courseAt ? JSON.stringify([chosen.name, chosen.settings.url]) : "";
}

export function courseIdsOf({ connectors }: Pick<Settings, "connectors">, others: readonly OtherId[]): CourseIds {
  const site = siteOf({ connectors });
  if (site === "" && !others.length) return { courseId: AS_NAMED, key: "" };
  const chosen = lmsOf(connectors);
  const ours = new Map(others.map(({ id, ours }) => [id, ours]));
  const numberOf = (named: string): string =>
    named.includes("://") ? (chosen?.port.courseAt?.(chosen.settings, named) ?? named) : named;
  return {
    courseId: (named) => {
      const known = ours.get(named);
      if (known !== undefined) return known;
      const number = numberOf(named);
      return ours.get(number) ?? number;
    },
    key: site + hash53(JSON.stringify(others.map(({ id, ours }) => [id, ours]))).toString(36),
  };
}
