import * as z from "zod";
import { toBase64Url } from "../base/bytes";
import { type Env, variablesOf } from "../base/env";
import { csvRows } from "../base/text/csv";
import { formatInstant } from "../catalogue/dates/time";
import { faultsOfJob, type JobRow } from "../jobs/store";
import { speakingIn } from "../language/speaking";
import type { School } from "../world/snapshot";
import { type Cover, coverOf, MOST_SHOWN } from "./cover";
import type { SigningKey } from "./keys";
import { type About, FILES, type LearnerFile } from "./lines";
import { countParts, linesIn, type PartFile, piecesOf } from "./parts";
import { type ZippedFile, Zipping } from "./zip";

/*
 * A pack as it is sent out: put together of its parts as they are now, signed as it ends. Whoever was erased since it was
 * made is in none of it.
 */

const ERASED = ["pseudonym", "erased_at"] as const;

/** The zip, as it is made. */
export const packOf = (
  env: Env,
  school: School,
  row: JobRow,
  about: About,
  key: SigningKey,
): ReadableStream<Uint8Array> => {
  const pieces = zipped(env, school, row, about, key);
  return new ReadableStream({
    type: "bytes",
    async pull(controller) {
      const { value, done } = await pieces.next();
      if (done) controller.close();
      else if (value.length) controller.enqueue(value);
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
};

async function* zipped(
  env: Env,
  school: School,
  row: JobRow,
  about: About,
  key: SigningKey,
): AsyncGenerator<Uint8Array> {
  const madeAt = row.touchedAt;
  const zip = new Zipping(madeAt);
  const first: string[][] = [];
  for (const [file, head] of Object.entries({ ...FILES, erased: ERASED })) {
    if (file === "runs" && about.kind !== "automation") continue;
    // Of the files named above, each is a PartFile.
    const lines = linesIn(env, school.id, row.id, file as PartFile);
    yield* zip.file(
      `${file}.csv`,
      csvOf(head, file === ("people" satisfies LearnerFile) ? noting(lines, first) : lines),
    );
  }
  const definitions: string[] = [];
  for await (const pieces of piecesOf(env, school.id, row.id, "definitions")) definitions.push(...pieces);
  yield* zip.file("definitions.json", definitions);
  const told = inForce.parse(JSON.parse(definitions.join("") || "{}"));
  const counts = await countParts(env, school.id, row.id);
  const cover: Cover = {
    ...counts,
    school: school.name,
    ...{ kind: about.kind, id: about.id },
    from: formatInstant(about.from),
    to: formatInstant(about.to),
    madeAt: formatInstant(madeAt),
    timezone: school.settings.timezone,
    missing: faultsOfJob(row).flatMap(({ user }) => user ?? []),
    people: first,
    holdsFrom: told.holds_from,
    automations: told.automations,
  };
  yield* zip.file("index.html", [await speakingIn(school.settings.locale, () => coverOf(cover))]);
  const manifest = JSON.stringify(
    manifestOf(env, school, row, { ...about, holdsFrom: told.holds_from }, key, zip.files),
    null,
    2,
  );
  const signature = await key.sign(new TextEncoder().encode(manifest));
  yield* zip.file("manifest.json", [manifest]);
  const signed = { alg: "EdDSA", kid: key.kid, signature: toBase64Url(signature) };
  yield* zip.file("manifest.sig.json", [JSON.stringify(signed, null, 2)]);
  yield* zip.end();
}

const inForce = z.lazy(() =>
  z.object({
    // Not in packs of a release before.
    holds_from: z.string().nullable().default(null),
    automations: z
      .array(
        z.object({
          id: z.string(),
          name: z.string().nullable(),
          version: z.number(),
          from: z.string(),
          until: z.string().nullable(),
        }),
      )
      .default([]),
  }),
);

async function* csvOf(head: readonly string[], pages: AsyncIterable<string[][]>): AsyncGenerator<string> {
  yield csvRows([head]);
  for await (const lines of pages) yield csvRows(lines);
}

/** Notes the first of the lines for the cover. */
async function* noting(pages: AsyncIterable<string[][]>, first: string[][]): AsyncGenerator<string[][]> {
  for await (const lines of pages) {
    first.push(...lines.slice(0, MOST_SHOWN - first.length));
    yield lines;
  }
}

const manifestOf = (
  env: Env,
  school: School,
  { id, touchedAt }: JobRow,
  { kind, id: of, from, to, holdsFrom }: About & { holdsFrom: string | null },
  { kid, x }: SigningKey,
  files: readonly ZippedFile[],
) => ({
  schoolbell_evidence: 1,
  school: { id: school.id, name: school.name, mode: school.mode },
  about: { [kind]: of },
  ...{ from: formatInstant(from), to: formatInstant(to), holds_from: holdsFrom },
  ...{ made_at: formatInstant(touchedAt), job: id },
  key: { kty: "OKP", crv: "Ed25519", kid, x },
  keys_url: `${variablesOf(env).PUBLIC_URL}/.well-known/schoolbell-keys.json`,
  files: Object.fromEntries(files.map(({ name, bytes, sha256 }) => [name, { bytes, sha256 }])),
});
