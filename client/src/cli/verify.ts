import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { unzipSync } from "fflate";
import { isPlainZip } from "./plain-zip.ts";

/*
 * Checks an evidence pack without asking anybody: its files are those of the manifest, no more and no fewer, and the
 * manifest is what the key signed. Whose key that is tells the file of public keys of the installation.
 */

export interface Checked {
  lines: string[];
  /** The pack is what a key signed that is known. */
  isTrusted: boolean;
}

interface Manifest {
  schoolbell_evidence: 1;
  school: { id: string; name: string };
  about: Record<string, string>;
  from: string;
  to: string;
  made_at: string;
  /** From when on it is whole; null: all of its time. Not in packs of a release before. */
  holds_from?: string | null;
  key: { kid: string; x: string };
  keys_url: string;
  files: Record<string, { bytes: number; sha256: string }>;
}

const MANIFEST = "manifest.json";
const SIGNATURE = "manifest.sig.json";

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function jsonIn(files: Record<string, Uint8Array>, name: string): Record<string, unknown> {
  const bytes = files[name];
  if (!bytes) throw new Error(`It has no ${name}: this is no evidence pack of Schoolbell, or not all of one.`);
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (!isObject(value)) throw new Error(`${name} is not as it should be.`);
  return value;
}

function isSigned(bytes: Uint8Array, signature: string, x: string): boolean {
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  const signed = Buffer.from(signature, "base64url");
  return signed.toString("base64url") === signature && verify(null, bytes, key, signed);
}

/** The thumbprint of a key (RFC 7638), by which it is named. */
const kidOf = (x: string): string =>
  createHash("sha256")
    .update(JSON.stringify({ crv: "Ed25519", kty: "OKP", x }))
    .digest("base64url");

/**
 * By name, the public keys in a key set.
 * @param from where it was read, for a problem to name
 * @throws where it is no JSON
 */
export function keysIn(text: string, from: string): Map<string, string> {
  let set: unknown;
  try {
    set = JSON.parse(text);
  } catch {
    throw new Error(`${from} is no JSON: --keys takes the public keys of a Schoolbell, a file or their address.`);
  }
  const keys = isObject(set) && Array.isArray(set.keys) ? set.keys.filter(isObject) : [];
  return new Map(
    keys.flatMap(({ crv, x }) => (crv === "Ed25519" && typeof x === "string" ? [[kidOf(x), x] as const] : [])),
  );
}

/**
 * @param known the public keys that are trusted; null: none are given
 * @throws where the file is not what was signed
 */
export function checkPack(path: string, known: ReadonlyMap<string, string> | null): Checked {
  const zip = new Uint8Array(readFileSync(path));
  let files: Record<string, Uint8Array>;
  const names: string[] = [];
  try {
    files = unzipSync(zip, {
      filter: ({ name }) => {
        names.push(name);
        return true;
      },
    });
  } catch {
    throw new Error(`${path} is no zip, or was damaged.`);
  }
  if (!isPlainZip(zip)) throw new Error(`${path} has something beside its files: it was changed, or damaged.`);
  if (new Set(names).size !== names.length) throw new Error("It has two files of one name.");
  // What follows is checked piece by piece.
  const manifest = jsonIn(files, MANIFEST) as unknown as Manifest;
  const { alg, kid, signature } = jsonIn(files, SIGNATURE);
  const { key, files: listed } = manifest;
  if (manifest.schoolbell_evidence !== 1 || !isObject(listed) || !isObject(key) || typeof key.x !== "string")
    throw new Error("Its manifest is of a later Schoolbell, or none.");
  if (alg !== "EdDSA") throw new Error(`${SIGNATURE} is of a later Schoolbell, or was changed.`);
  if (kid !== key.kid || kidOf(key.x) !== key.kid || typeof signature !== "string")
    throw new Error("The signature names another key than the manifest.");
  if (!isSigned(files[MANIFEST] ?? new Uint8Array(), signature, key.x))
    throw new Error("The manifest was changed: it is not what was signed.");
  const faults = names.flatMap((name) => {
    if (name === MANIFEST || name === SIGNATURE) return [];
    if (!Object.hasOwn(listed, name)) return [`${name} was put in: the manifest does not know it.`];
    const sum = createHash("sha256")
      .update(files[name] ?? "")
      .digest("hex");
    return sum === listed[name]?.sha256 ? [] : [`${name} was changed.`];
  });
  faults.push(...Object.keys(listed).flatMap((name) => (names.includes(name) ? [] : [`${name} is missing.`])));
  if (faults.length) throw new Error(faults.join("\n"));
  const about = Object.entries(manifest.about).map(([kind, id]) => `${kind} ${id}`);
  const lines = [
    `${manifest.school.name} (${manifest.school.id}): ${about.join()}, from ${manifest.from} until before ${manifest.to}`,
    `Made ${manifest.made_at}; ${Object.keys(listed).length} files, none of them changed.`,
    ...(manifest.holds_from
      ? [`Whole from ${manifest.holds_from} on: what was before was kept no longer, or not all of it.`]
      : []),
  ];
  if (known === null)
    return {
      lines: [
        ...lines,
        `Signed by ${key.kid}. Whose key that is was not checked: give --keys, a file or ${manifest.keys_url}`,
      ],
      isTrusted: false,
    };
  if (known.get(key.kid) !== key.x) throw new Error(`It is signed by ${key.kid}, which is none of the keys given.`);
  return { lines: [...lines, `Signed by ${key.kid}, one of the keys given.`], isTrusted: true };
}
