import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { context } from "esbuild";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { history } from "../../test/model/arbitrary";
import { CHECKS } from "../../test/model/checks";
import { difference } from "../../test/model/compare";
import * as engine from "../../test/model/engine";
import { FIXTURES } from "../../test/model/fixtures";
import type { Engine } from "../../test/model/subject";

/*
 * Faults planted in the engine's source, one at a time, and the tests let loose on each: a fault that nothing tells
 * from the engine means a hole in the tests.
 */

const ROOT = join(import.meta.dirname, "../..");
/** Where packages are found from. */
const PLANTED = join(ROOT, "node_modules/.cache/planted");

interface Fault {
  file: string;
  find: string;
  plant: string;
}

const FAULTS: Record<string, Fault> = {
  "an automation starts from what it brought about": {
    file: "turns",
    find: "happening.chain.some((link) => isLinkOf(id, link))",
    plant: "false",
  },
  "chains grow without end": { file: "turns", find: "happening.chain.length >= MAX_CHAIN", plant: "false" },
  "an automation comes back to itself through waits at once": {
    file: "turns",
    find: "now - starts.last < HOUR_MS",
    plant: "now - starts.last < 0",
  },
  "a wait does not end the chain": {
    file: "runs",
    find: 'if (work.now > waiting.since && way !== "event") run.chain = [];',
    plant: "",
  },
  "a wait_for takes no chain on": {
    file: "turns",
    find: "takeChain(run, happening, work.now > waiting.since);",
    plant: "",
  },
  "waits end a minute early": {
    file: "time/due",
    find: "offer({ at, rank: 3",
    plant: "offer({ at: at - 60_000, rank: 3",
  },
  "nobody is told when a wait ends": {
    file: "time/due",
    find: "  waits(work, offer);\n  return wake;",
    plant: "  return wake;",
  },
  "days are of 24 hours": {
    file: "steps/wait",
    find: "addDuration(since, wait.for, zone)",
    plant: 'addDuration(since, wait.for, "UTC")',
  },
  "expiries come after waits": {
    file: "time/due",
    find: "at: endsAt,\n        rank: 0,",
    plant: "at: endsAt,\n        rank: 4,",
  },
  "the clock goes back": { file: "work", find: "now: Math.max(now, state.clock)", plant: "now" },
  "a queued run does not exit": {
    file: "turns",
    find: "if (named) endRun(",
    plant: 'if (named && run.status !== "queued") endRun(',
  },
  "runs of an inactive automation do not exit": {
    file: "turns",
    find: "if (named) endRun(",
    plant: "if (named && world.byId.get(run.automation)?.active) endRun(",
  },
  "exit_if is not looked at after a wait": {
    file: "runs",
    find: "if (run.waited && program.exitIf",
    plant: "if (false && program.exitIf",
  },
  "an exited run keeps what it waits for": {
    file: "runs",
    find: "work.state.runs = work.state.runs.filter((one) => one !== run);",
    plant: "if (run.reason !== 'exit_when') work.state.runs = work.state.runs.filter((one) => one !== run);",
  },
  "one fact starts an automation twice": {
    file: "turns",
    find: "for (const automation of listening) {",
    plant: "for (const automation of [...listening, ...listening]) {",
  },
  "asynchronous automations go first": { file: "turns", find: "of [true, false]", plant: "of [false, true]" },
  "a quiet fact starts runs": { file: "turns", find: 'if (happening.quiet) return stopped("quiet");', plant: "" },
  "once is forgotten after a day": {
    file: "turns",
    find: 'program.reentry === "once" && counted',
    plant: 'program.reentry === "once" && counted && now < counted.last + 86_400_000',
  },
  "a cooldown counts from the end": {
    file: "runs",
    find: "work.state.runs = work.state.runs.filter((one) => one !== run);",
    plant:
      "work.state.runs = work.state.runs.filter((one) => one !== run);\n  const own = work.state.starts[run.automation];\n  if (own) own.last = work.now;",
  },
  "restart leaves the live run": { file: "turns", find: 'if (program.reentry === "restart")', plant: "if (false)" },
  "a wait_for hears only what comes while it waits": {
    file: "runs",
    find: "run.heard.find((one) => one.step === operation.id)",
    plant: "run.heard.find(() => false)",
  },
  "what answered one wait_for, or came before, answers the next": {
    file: "runs",
    find: 'if (way !== "elapsed") run.heard = [];',
    plant: "",
  },
  "what comes before the run goes on is not heard": {
    file: "runs",
    find: "  run.waited = true;",
    plant: "  run.waited = true;\n  if (wait.event) run.heard = [];",
  },
  "held runs stay held": {
    file: "reconcile",
    find: 'else if (run.status === "held") letGo(work, run, automation);',
    plant: "",
  },
  "steps happen while inactive": {
    file: "turns",
    find: "if (!mayGoOn(work, run.automation)) return hold(work, run);",
    plant: "",
  },
  "a moved wait begins anew": {
    file: "reconcile",
    find: "reckonWait(work, run, waiting.since)",
    plant: "reckonWait(work, run, work.now)",
  },
  "a run goes on at a step of another kind": {
    file: "reconcile",
    find: "after.type !== before.type",
    plant: "false",
  },
  "deleted automations run on": { file: "reconcile", find: 'endRun(work, run, "exited", "deleted")', plant: "void 0" },
  "a change of a run is not told": {
    file: "turns",
    find: 'run.status = "held";',
    plant: 'run.status = "held";\n  if (run.waiting) return;',
  },
  "a split goes its way by the run": {
    file: "runs",
    find: "share: () => share(",
    plant: "share: () => share(run.id || ",
  },
  "a split goes the same way at every step": {
    file: "runs",
    find: "share: () => share(",
    plant: "share: () => share(work.state.learner.id || ",
  },
  "what happened long before an automation was active starts it": {
    file: "turns",
    find: "happening.at < automation.activeSince - DAY_MS",
    plant: "false",
  },
  "what happened a day before an automation was active does not start it": {
    file: "turns",
    find: "happening.at < automation.activeSince - DAY_MS",
    plant: "happening.at <= automation.activeSince - DAY_MS",
  },
  "what is asked to fire is held to when it happened": {
    file: "turns",
    find: "if (!happening.fires && happening.at",
    plant: "if (happening.at",
  },
  "it counts when an automation was made, and not when it was switched on": {
    file: "turns",
    find: "happening.at < automation.activeSince - DAY_MS",
    plant: 'happening.at < Math.min(automation.activeSince, Date.parse("2026-03-27T10:00:00.000Z")) - DAY_MS',
  },
  "a limit counts only the last start": { file: "turns", find: "recent.at(-times)", plant: "recent.at(-1)" },
  "a limit of starts is for ever": { file: "turns", find: "addDuration(earliest, per, zone) > now", plant: "true" },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a piece of source.
  "rounds share their keys": { file: "runs", find: "(round ? `${step}-r${round}` : step)", plant: "step" },
  "a repeat does not look at its condition": { file: "repeat", find: " || asked?.test(hand.view)", plant: "" },
  "a repeat has a round too many": { file: "repeat", find: "over >= times", plant: "over > times" },
  "a run does all of its steps at once": {
    file: "runs",
    find: "if (left-- === 0) return enqueue(work, run);",
    plant: "",
  },
  "a run moved out of a repeat keeps its round": {
    file: "reconcile",
    find: "if (before.inRounds !== after.inRounds) run.round = after.inRounds ? 1 : 0;",
    plant: "",
  },
  "what fits no case of a match takes the first": {
    file: "match",
    find: "ways[found]?.to ?? otherwise",
    plant: "ways[Math.max(0, found)]?.to",
  },
  "segments do not follow attributes": {
    file: "input",
    find: "followMembership(work, turn, from, isNew);",
    plant: "",
  },
  "a wait for a date does not follow its field": { file: "turns", find: "  followDates(work);", plant: "" },
  "a wait for a date follows every field": {
    file: "time/followed",
    find: "if (isSameValue(value, waiting.value)) continue;",
    plant: "",
  },
  "a wait for a course's date does not follow the school": {
    file: "reconcile",
    find: "  followDates(work);",
    plant: "",
  },
  "a date that was past when it was heard of comes": {
    file: "time/reached",
    find: "at > heardOf ? { at } : { at, told: true }",
    plant: "{ at }",
  },
  "a date that changes comes when it was to come before": {
    file: "time/reached",
    find: "if (before?.at !== at)",
    plant: "if (!before || before.told)",
  },
  "a date is not moved": {
    file: "time/reached",
    find: "dateMoment(value, watch.shift, zone",
    plant: "dateMoment(value, {}, zone",
  },
  "a date starts one of the automations that wait for it": {
    file: "time/reached",
    find: "known.only.push(id);",
    plant: "",
  },
  "a date that came while the learner was out of the course comes later": {
    file: "time/reached",
    find: "!told && at <= work.now && !looked.has(key)",
    plant: "false",
  },
  "dates come after waits": {
    file: "time/due",
    find: "offer({ at, rank: 2, age: at, happen });",
    plant: "offer({ at, rank: 4, age: at, happen });",
  },
  "nobody is told when a date comes": {
    file: "time/due",
    find: "  dates(work, offer);\n  rules(work, offer);\n  waits(work, offer);\n  return wake;",
    plant: "  rules(work, offer);\n  waits(work, offer);\n  return wake;",
  },
  "inactivity is told a day early": {
    file: "time/due",
    find: "addDays(base.at, days, zone)",
    plant: "addDays(base.at, days - 1, zone)",
  },
};

/** What is planted at the moment: the bundler keeps everything else from one build to the next. */
let present: Fault | undefined;

const bundler = await context({
  entryPoints: [join(ROOT, "test/model/engine.ts")],
  bundle: true,
  write: false,
  packages: "external",
  format: "esm",
  platform: "node",
  plugins: [
    {
      name: "plant",
      setup: ({ onLoad }) => {
        onLoad({ filter: /src\/(engine|engine\/[\w-]+|catalogue\/steps)\/[\w-]+\.ts$/ }, async ({ path }) => {
          const source = await readFile(path, "utf8");
          const fault = present && path.endsWith(`/${present.file}.ts`) ? present : undefined;
          if (fault && source.split(fault.find).length !== 2) throw new Error(`not once in ${path}: ${fault.find}`);
          return { contents: fault ? source.replace(fault.find, () => fault.plant) : source, loader: "ts" };
        });
      },
    },
  ],
});

/** The engine with one text of its source replaced; without a fault, as it stands. */
async function planted(name: string, fault?: Fault): Promise<Engine> {
  present = fault;
  const { outputFiles } = await bundler.rebuild();
  const path = join(PLANTED, `${name.replace(/\W+/g, "-")}.mjs`);
  await mkdir(PLANTED, { recursive: true });
  await writeFile(path, outputFiles[0]?.contents ?? "");
  // What test/model/engine.ts exports.
  return (await import(/* @vite-ignore */ pathToFileURL(path).href)) as Engine;
}

/** A loop that a fault opens must not hang the tests. */
const BOUNDED = { maxSteps: 2_000 };
const RANDOM = 400;

/** The first thing that tells an engine from the one that should be, or null. */
function told(tried: Engine): string | null {
  for (const [name, one] of Object.entries(FIXTURES)) if (difference(tried, one, BOUNDED)) return name;
  for (const [name, check] of Object.entries(CHECKS)) {
    try {
      check(tried);
    } catch {
      return name;
    }
  }
  const random = fc.sample(history, { numRuns: RANDOM, seed: 20260327, unbiased: true });
  const found = random.findIndex((one) => difference(tried, one, BOUNDED));
  return found < 0 ? null : `random history ${found}`;
}

afterAll(async () => {
  await bundler.dispose();
  await rm(PLANTED, { recursive: true, force: true });
});

describe("what the model leaves out", () => {
  test.each(Object.entries(CHECKS))("%s", (_, check) => check(engine));
});

describe("planted faults", () => {
  test("the engine bundled without any passes", async () => expect(told(await planted("none"))).toBeNull(), 60_000);
  test.each(Object.entries(FAULTS))(
    "%s: caught",
    async (name, fault) => {
      expect(await planted(name, fault).then(told)).not.toBeNull();
    },
    60_000,
  );
});
