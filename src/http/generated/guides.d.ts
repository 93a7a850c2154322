/** What users read beside the reference, as HTML, by the name in its address; made by scripts/islands.mjs. */
export const guides: ReadonlyMap<string, { readonly title: string; readonly html: string }>;
