import fc from "fast-check";
import { test } from "vitest";
import { history, SPELLINGS } from "./arbitrary";
import { Model } from "./model";
test("stats", () => {
  const counts = new Map<string, number>();
  const add = (k: string) => counts.set(k, (counts.get(k) ?? 0) + 1);
  for (const h of fc.sample(history, { numRuns: 2000, seed: 5, unbiased: true })) {
    const model = new Model(h.automations, h.zone, (t) => SPELLINGS[t.toLowerCase()] ?? t);
    const seen = new Set<string>();
    for (const x of h.happenings) {
      const s = model.happen(x);
      for (const f of s.facts) for (const d of f.decisions) seen.add("decision " + d.split(": ")[1]);
      if (s.posted.length) seen.add("posted");
      for (const r of s.runs) { seen.add("status " + r.status); if (r.reason) seen.add("reason " + r.reason); for (const st of r.steps) { if (typeof st.said === "boolean") seen.add("answered " + st.said); if (st.status === "skipped") seen.add("skip "+st.said); } }
      seen.add("runs>=" + [1, 3, 6, 10, 20, 50].filter((n) => s.runs.length >= n).at(-1));
      if (x.kind==="edit" && x.move && s.runs.some(r=>r.version>1 && r.status==="waiting")) seen.add("moved waiting");
    }
    for (const k of seen) add(k);
  }
  console.log([...counts].sort().map(([k, n]) => `${k}: ${n}`).join("\n"));
});
