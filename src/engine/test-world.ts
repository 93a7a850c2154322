import { checkDefinition } from "../catalogue/checking/check";
import type { SchoolView } from "../catalogue/facts/facts";
import { NO_NAMES } from "../catalogue/facts/products";
import { AS_NAMED } from "../catalogue/options/course-id";
import { compile } from "./compile/compile";
import type { Automation, World } from "./types";

/* For tests: a school with some automations, without a platform below. */

export interface TestSchool {
  timezone?: string;
  settings?: Record<string, unknown>;
  fields?: SchoolView["fields"];
  segments?: SchoolView["segments"];
  courseDates?: SchoolView["courseDates"];
  courseId?: SchoolView["courseId"];
}

/** A world of automations by their ids, all active since `now` unless said otherwise; throws where one is faulty. */
export function testWorld(
  definitions: Record<string, Record<string, unknown>>,
  {
    timezone = "UTC",
    settings = {},
    fields = new Map(),
    segments = new Map(),
    courseDates = new Map(),
    courseId = AS_NAMED,
  }: TestSchool = {},
): World {
  const automations = Object.entries(definitions).map(([id, body]): Automation => {
    const { definition, faults } = checkDefinition(body);
    if (faults.length) throw new Error(JSON.stringify(faults));
    return {
      id,
      active: body.active !== false,
      activeSince: 0,
      revision: 1,
      moveVersion: 0,
      exitRevision: 0,
      program: compile(definition, 1),
    };
  });
  return {
    school: {
      id: "school",
      name: "School",
      mode: "test",
      settings: { timezone, collaborators: [], ...settings },
      fields,
      segments,
      bundles: new Map(),
      subscriptions: new Map(),
      seats: new Map(),
      courseDates,
      courseId,
      fixedBundles: new Set(),
      names: NO_NAMES,
      spellings: new Map(),
    },
    stamp: 1,
    automations,
    byId: new Map(automations.map((one) => [one.id, one])),
    program: () => undefined,
    segments: new Map(),
    syncs: [],
    autoGroups: [],
  };
}
