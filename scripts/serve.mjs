// The Worker's own process, forked by start.mjs, which sends what to serve. When start.mjs is gone, so is this.
// Without a runtime it ends too, and start.mjs starts it again. Leaving takes the runtime along, even one that still
// starts: Miniflare kills it as the process exits.
import { setTimeout as sleep } from "node:timers/promises";
import { serve } from "./worker.mjs";

/** Ending in order takes less; a runtime that hangs is not waited for. */
const END_MS = 10_000;

process.once("message", async (options) => {
  let stop;
  const end = async () => {
    await Promise.race([stop?.(), sleep(END_MS)]).catch(console.error);
    process.exit(0);
  };
  process.once("disconnect", end);
  process.once("SIGTERM", end);
  const fail = (error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  };
  try {
    stop = await serve(options, fail);
  } catch (error) {
    fail(error);
  }
  if (process.connected) process.send("listening");
});
