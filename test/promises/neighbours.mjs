// P8: twenty healthy schools beside some whose servers hang, refuse, never end, or say nothing at all, on a Worker of its
// own. In the long profile also with the defences taken out: then the healthy must be seen to wait.

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { setScene } from "../fair/scene.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const ENTRY = join(ROOT, "test/fair/entry.ts");

/** Of the fewer the 99th percentile is the second longest of all. */
const EVENTS = { short: 150, long: 250 };
const ROUNDS = 3;
/** How much longer the healthy may wait beside schools in trouble than alone. */
const LARGEST_RATIO = 1.5;
/** Longer than this nobody waits where the defences are taken out. */
const HARMED_MS = 15_000;
/** Within so much it may be the machine, not the neighbours. */
const BREATH_MS = 100;

/** One way for all deliveries: nothing leaves for the slow queue, and a batch waits for whatever the world takes. */
const ONE_WAY = [
  {
    file: "src/queue/destination.ts",
    find: '  if (askedUntil > now || (mustBeQuick && closedUntil > now)) return "leave";\n',
    plant: '  if (mustBeQuick) return "go";\n',
  },
  {
    file: "src/queue/deliveries.ts",
    find: "    context.waitUntil(work.finally(resolve));\n",
    plant: "    settled.push(work.finally(resolve));\n",
  },
];

/** @returns `figures` {aloneP99, besideP99, rounds, planted, caught; long: wellP99, harmedP99} in ms, the best of three rounds, and `faults` */
export async function neighbours({ short }) {
  const faults = [];
  const events = short ? EVENTS.short : EVENTS.long;
  const { alone, well, beside, all } = await compare(await setScene(), events, { faults, withWell: !short });
  if (!isWithin(alone, beside))
    faults.push(`the healthy wait ${beside} ms beside schools in trouble, ${alone} ms alone`);
  const figures = { aloneP99: alone, besideP99: beside, rounds: all.length, planted: 0, caught: 0 };
  if (!short) figures.wellP99 = well;
  if (short) return { figures, faults, notes: [JSON.stringify(all)] };
  figures.planted = 1;
  const entry = await plantedEntry(ONE_WAY);
  try {
    const harmed = await compare(await setScene(entry, HARMED_MS), events, { most: 1 });
    figures.harmedP99 = Math.min(harmed.beside, HARMED_MS);
    if (isWithin(harmed.alone, harmed.beside))
      faults.push(`one way for all deliveries: not caught: ${harmed.beside} ms`);
    else figures.caught = 1;
  } finally {
    rmSync(dirname(entry), { recursive: true });
  }
  return { figures, faults, notes: [JSON.stringify(all)] };
}

const isWithin = (alone, beside) => beside <= LARGEST_RATIO * Math.max(alone, BREATH_MS);

/**
 * The best of so many rounds; `withWell`: also beside as many schools that send as much, to servers that are well, which
 * is what the machine has to do with it.
 */
async function compare(scene, events, { faults = [], withWell = false, most = ROUNDS }) {
  try {
    // What is new to the Worker costs once.
    await scene.measure(events);
    let alone = Number.POSITIVE_INFINITY;
    let well = Number.POSITIVE_INFINITY;
    let beside = Number.POSITIVE_INFINITY;
    const all = [];
    // The machine may be busy with something else for a round.
    while (all.length < most && !(all.length && isWithin(alone, beside))) {
      const before = Math.round(await scene.measure(events));
      if (withWell) {
        await scene.flood(await scene.loud(all.length, true));
        well = Math.min(well, Math.round(await scene.measure(events)));
      }
      await scene.flood(await scene.loud(all.length, false));
      const after = Math.round(await scene.measure(events));
      all.push([before, after]);
      alone = Math.min(alone, before);
      beside = Math.min(beside, after);
    }
    for (const [name, count] of Object.entries(scene.asked))
      if (!count) faults.push(`nobody called the server "${name}"`);
    return { alone, well, beside, all };
  } finally {
    await scene.stop();
  }
}

/** The Worker's entry bundled with faults in it; its path. */
async function plantedEntry(planted) {
  const folder = join(ROOT, "node_modules/.cache");
  mkdirSync(folder, { recursive: true });
  // By its ending a Worker's name is known.
  const outfile = join(mkdtempSync(join(folder, "planted-")), "entry.ts");
  await build({
    entryPoints: [ENTRY],
    bundle: true,
    format: "esm",
    // The Worker's own bundler finds them, from where the bundle lies.
    packages: "external",
    external: ["cloudflare:*"],
    jsx: "automatic",
    jsxImportSource: "hono/jsx",
    outfile,
    logLevel: "error",
    plugins: [
      {
        name: "plant",
        setup: ({ onLoad }) => {
          for (const { file, find, plant } of planted) {
            const path = join(ROOT, file);
            onLoad({ filter: new RegExp(`${file.replaceAll(".", "\\.")}$`) }, async () => {
              const source = await readFile(path, "utf8");
              if (source.split(find).length !== 2) throw new Error(`not once in ${file}: ${find}`);
              return { contents: source.replace(find, () => plant), loader: "ts" };
            });
          }
        },
      },
    ],
  });
  return outfile;
}
