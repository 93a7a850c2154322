/** What schools' own pages load, as one minified ES module; made by scripts/islands.mjs. */
export const pageClient: { hash: string; source: string };
