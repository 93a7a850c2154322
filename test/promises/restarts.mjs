// That a Worker comes back, whichever of its processes is killed, as it comes back too, is tried by `kill`. Here those
// who look after it are taken out: then it must not come back, or `kill` would notice nothing.
import { startVictim } from "../kill/victim.mjs";

const PLANT = new URL("../kill/plant.mjs", import.meta.url).href;
/** Even a busy machine has it back by then, when all is well. */
const BACK_MS = { short: 8_000, long: 20_000 };

const UNWATCHED = {
  name: "nobody watches a runtime that is killed as it comes back",
  file: "worker.mjs",
  find: "  void watch(miniflare, startMs).catch((error) => stopped || lost?.(error));\n",
  plant: "  void watch;\n",
};
const UNREPLACED = {
  name: "nobody starts the process between again",
  file: "start.mjs",
  find: "    if (deaths === DEATHS_MAX) throw",
  plant: "    if (deaths > 0) throw",
};

/** @returns `figures` {planted, caught} and `faults` */
export async function restarts({ short }) {
  const faults = [];
  const planted = [UNWATCHED, UNREPLACED];
  const figures = { planted: planted.length, caught: 0 };
  const env = { NODE_OPTIONS: `--import ${PLANT}`, PLANTED: JSON.stringify(planted) };
  const victim = await startVictim(undefined, { env });
  const isBack = () =>
    victim.back(short ? BACK_MS.short : BACK_MS.long).then(
      () => true,
      () => false,
    );
  try {
    for (const [{ name }, strike] of [
      [
        UNWATCHED,
        async () => {
          victim.kill("runtime");
          await victim.killNext();
        },
      ],
      [UNREPLACED, () => victim.kill("process")],
    ]) {
      await strike();
      if (await isBack()) faults.push(`${name}: not caught`);
      else figures.caught++;
    }
  } finally {
    await victim.stop();
  }
  return { figures, faults };
}
