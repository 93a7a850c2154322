import { useCallback, useEffect, useMemo, useState } from "hono/jsx/dom";
import type { Fault } from "../../../base/errors/errors";
import type { StepStats, Warning } from "../../../definition/answers";
import type { Draft } from "../../../definition/types";
import { heard } from "../../../language/heard";
import { type Names, type Words, wordsOf } from "../../words/sentences/sentence";
import { lanesIn } from "../../words/words";
import { keyOf } from "../stage/focus";
import { useSettled } from "../stage/tools";
import { type Choice, callServer, fetchVocabulary, isOk, refusalOf } from "./api";
import { checkDraft, warn } from "./check";
import { type EditorData, pickersIn, statsFrom } from "./data";
import { locate } from "./state";
import { OF_TRIAL } from "./trial/trial";
import { type Doubtful, doubtfulSteps, doubtText } from "./unknown";

const REST_MS = 900;

/** What is wrong with the draft: by our own look at once, by the server's once it rests. */
export function useFaults(
  now: Draft,
  data: EditorData,
): { faults: readonly Fault[]; marks: ReadonlyMap<string, number>; tell(faults: Fault[]): void } {
  const [theirs, setTheirs] = useState<{ of: Draft; faults: Fault[] } | null>(null);
  const own = useMemo(() => checkDraft(now, data.catalogue), [now]);
  // What the server found holds until the next change; what both found is told once, in our words.
  const faults = useMemo(() => {
    const found = theirs?.of === now ? theirs.faults : [];
    return [...own, ...found.filter((fault) => !own.some((one) => one.path === fault.path))];
  }, [own, theirs, now]);
  const marks = useMemo(() => {
    const out = new Map<string, number>();
    for (const fault of faults) {
      const key = keyOf(locate(now, fault.path, lanesIn(data.catalogue.steps)).selection);
      out.set(key, (out.get(key) ?? 0) + 1);
    }
    return out;
  }, [faults, now]);

  // Templates and patterns only the server can judge; a rehearsal of no time asks it, and changes nothing.
  const resting = useSettled(now, REST_MS);
  useEffect(() => {
    if (data.role === "viewer" || own.length > 0 || resting !== now || now.when.length === 0) return;
    callServer("POST", "/automations/simulate", { automation: now, user: { id: "draft" }, for: "PT0S" }).then(
      (answer) => {
        if (answer.status !== 422) return;
        const found = refusalOf(answer, "/automation").faults.filter((fault) => !OF_TRIAL.test(fault.path));
        setTheirs({ of: now, faults: found });
      },
    );
  }, [resting]);
  return { faults, marks, tell: (found) => setTheirs({ of: now, faults: found }) };
}

// What we see ourselves at every change, and so need not be told by the server's last answer.
const OWN_WARNINGS = new Set(["unreachable", "waits_without_reentry_limit", "unknown_variable"]);

/** What may not be meant, and of the steps that name unknown variables which. @param told by the server, at the last save */
export function useWarnings(
  now: Draft,
  data: EditorData,
  told: readonly Warning[],
): { warnings: readonly Warning[]; doubts: ReadonlyMap<string, Doubtful> } {
  const doubts = useMemo(() => doubtfulSteps(now, data.catalogue, data.variables), [now]);
  const warnings = useMemo(
    () => [
      ...warn(now, data.catalogue),
      ...[...doubts.values()].map((one): Warning => ({ code: "unknown_variable", message: doubtText(one) })),
      ...told.flatMap((one) => (OWN_WARNINGS.has(one.code) ? [] : [{ ...one, message: heard(one.message) }])),
    ],
    [now, doubts, told],
  );
  return { warnings, doubts };
}

/** Words that know the names of what the definition speaks of, and of what is found on the way. */
export function useWords(
  begun: Draft,
  data: EditorData,
): { words: Words; learn(picker: string, choices: readonly Choice[]): void } {
  const [names, setNames] = useState<Names>(data.names ?? {});
  const words = useMemo(() => wordsOf(data.catalogue, names), [names]);
  const learn = useCallback((picker: string, choices: readonly Choice[]): void => {
    setNames((before) => {
      const known = before[picker] ?? {};
      const added = choices.filter((choice) => choice.label !== choice.value && known[choice.value] !== choice.label);
      if (added.length === 0) return before;
      return {
        ...before,
        [picker]: { ...known, ...Object.fromEntries(added.map(({ value, label }) => [value, label])) },
      };
    });
  }, []);
  useEffect(() => {
    for (const picker of pickersIn(begun, data.catalogue))
      if (!data.names?.[picker]) fetchVocabulary(picker, "").then((choices) => learn(picker, choices));
  }, []);
  return { words, learn };
}

/** How many came to each step and wait there; undefined of a new one, and where the server does not tell. */
export function useStats(id: string | null): ReadonlyMap<string, StepStats> | "coming" | undefined {
  const [stats, setStats] = useState<ReadonlyMap<string, StepStats> | "coming" | undefined>(
    id === null ? undefined : "coming",
  );
  useEffect(() => {
    if (id === null) return;
    callServer("GET", `/automations/${encodeURIComponent(id)}/stats`).then((answer) => {
      setStats(isOk(answer) ? statsFrom(answer.body) : undefined);
    });
  }, []);
  return stats;
}

/** Asks before the page is left with changes that were not saved. */
export function useGuard(isUnsaved: boolean): void {
  useEffect(() => {
    const hold = (event: BeforeUnloadEvent): void => {
      if (isUnsaved) event.preventDefault();
    };
    window.addEventListener("beforeunload", hold);
    return () => window.removeEventListener("beforeunload", hold);
  }, [isUnsaved]);
}
