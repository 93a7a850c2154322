// The Worker's own process, forked by start.mjs, which sends what to serve. When start.mjs is gone, so is this.
import { serve } from "./worker.mjs";

process.once("message", async (options) => {
  const stopped = serve(options);
  const end = () => stopped.then((stop) => stop()).finally(() => process.exit(0));
  process.once("disconnect", end);
  process.once("SIGTERM", end);
  await stopped;
  if (process.connected) process.send("listening");
});
