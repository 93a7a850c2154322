import { pointer } from "../../base/errors/errors";
import { actions } from "../../catalogue";
import { namedBy } from "../../catalogue/checking/references";
import { affectedBy, namedByTrigger } from "../../catalogue/facts/affected";
import { TRIGGER } from "../../catalogue/options/fields";
import { lanesOf } from "../../catalogue/steps";
import type { Warning } from "../../definition/answers";
import type { Definition } from "../../definition/types";
import { walk } from "../../definition/walk";
import type { World } from "../../engine/types";

const MOST_TOLD = 50;

/** Steps that would put somebody into a segment that has rules, or take them out: these fail for everybody, always. */
export function managedSegments(definition: Definition, segments: World["segments"]): Warning[] {
  const started = definition.when.map(({ type, ...params }) => namedByTrigger(type, params, "segment"));
  const ofTrigger = started.every((ids) => ids.length) ? started.flat() : [];
  const isManaged = (id: string): boolean => segments.get(id)?.managed === true;
  /** Of the fact's own it is sure where all that may be are so. */
  const managedBy = (id: string): string[] =>
    id !== TRIGGER ? [id].filter(isManaged) : ofTrigger.every(isManaged) ? ofTrigger : [];
  const found: Warning[] = [];
  let n = 0;
  for (const { step, path } of walk(definition.then, lanesOf)) {
    n++;
    const card = actions.get(step.type);
    if (!card || !affectedBy(step.type, step).some(({ kind }) => kind === "segment")) continue;
    for (const one of namedBy({ use: step, path, role: "needs", shape: card.params.shape })) {
      if (one.kind !== "segment") continue;
      for (const id of new Set(managedBy(one.value)))
        found.push({
          code: "managed_segment",
          message: `Step ${n}, “${card.label}”, always fails: the members of the segment ${JSON.stringify(id)} follow its rules.`,
          segments: [id],
          path: pointer(one.path),
        });
    }
  }
  return found.slice(0, MOST_TOLD);
}
