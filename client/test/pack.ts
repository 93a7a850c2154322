import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { strToU8, zipSync } from "fflate";

/* An evidence pack as a Schoolbell makes one, in small. */

const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const x = publicKey.export({ format: "jwk" }).x ?? "";
const kid = createHash("sha256")
  .update(JSON.stringify({ crv: "Ed25519", kty: "OKP", x }))
  .digest("base64url");

/** The public keys, as they are served. */
export const KEYS = JSON.stringify({ keys: [{ kty: "OKP", crv: "Ed25519", kid, x }] });
export const OTHER_KEYS = JSON.stringify({
  keys: [generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" })],
});

const FILES = { "people.csv": "learner,name\r\nanna,Anna\r\n", "index.html": "<!doctype html><h1>Evidence</h1>" };

/** @param tamper what somebody makes of the files once they are signed */
export function packWith(
  tamper: (files: Record<string, string>) => void = () => {},
  holdsFrom: string | null = null,
): Uint8Array {
  const sums = Object.entries(FILES).map(([name, text]) => [
    name,
    { bytes: text.length, sha256: createHash("sha256").update(text).digest("hex") },
  ]);
  const manifest = JSON.stringify({
    schoolbell_evidence: 1,
    school: { id: "demo", name: "Demo", mode: "live" },
    about: { course: "js-101" },
    ...{ from: "2026-01-01T00:00:00.000Z", to: "2026-02-01T00:00:00.000Z", made_at: "2026-02-02T00:00:00.000Z" },
    holds_from: holdsFrom,
    key: { kty: "OKP", crv: "Ed25519", kid, x },
    keys_url: "https://bell.test/.well-known/schoolbell-keys.json",
    files: Object.fromEntries(sums),
  });
  const signature = sign(null, Buffer.from(manifest), privateKey).toString("base64url");
  const files: Record<string, string> = {
    ...FILES,
    "manifest.json": manifest,
    "manifest.sig.json": JSON.stringify({ alg: "EdDSA", kid, signature }),
  };
  tamper(files);
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
}
