// Loaded before scripts/start.mjs and all that it starts (NODE_OPTIONS): puts the faults of PLANTED, [{file, find, plant}], into
// scripts as they are loaded.
import { registerHooks } from "node:module";

const planted = JSON.parse(process.env.PLANTED ?? "[]");

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    const here = planted.filter(({ file }) => url.endsWith(`/scripts/${file}`));
    if (!here.length) return loaded;
    const source = here.reduce((text, { find, plant }) => {
      if (text.split(find).length !== 2) throw new Error(`not once in ${url}: ${find}`);
      return text.replace(find, () => plant);
    }, String(loaded.source));
    return { ...loaded, source };
  },
});
