import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parseDocument, stringify } from "yaml";

/*
 * A folder of a school's definitions: a file a thing. Automations lie in it, other kinds in folders of their names. What a
 * thing is goes by its id within the file (a field's by its key): the file may be called anything.
 */

export const KINDS = [
  "profile_fields",
  "segments",
  "segment_rules",
  "segment_syncs",
  "auto_groups",
  "automations",
] as const;
export type Kind = (typeof KINDS)[number];

export type Item = Record<string, unknown>;
export type Document = Partial<Record<Kind, Item[]>>;

export interface ItemFile {
  path: string;
  kind: Kind;
  key: string;
  item: Item;
}

export interface Folder {
  /** Kinds that the folder has all of: what of them it has no file of is not to be. */
  kinds: Kind[];
  files: ItemFile[];
}

/** What is wrong with the files, a line each. */
export class FolderError extends Error {
  override readonly name = "FolderError";
  constructor(faults: readonly string[]) {
    super(faults.join("\n"));
  }
}

/** Says which kinds the folder has all of, also those of which there is no file: git keeps no empty folder. */
const MANIFEST = "schoolbell.yaml";

const isItem = (value: unknown): value is Item => typeof value === "object" && value !== null && !Array.isArray(value);
const isKind = (text: unknown): text is Kind => KINDS.some((kind) => kind === text);

export const keyOf = (kind: Kind, item: Item): unknown => (kind === "profile_fields" ? item.key : item.id);
const folderOf = (dir: string, kind: Kind): string => (kind === "automations" ? dir : join(dir, kind));

/** @throws FolderError with every fault of every file */
export function readFolder(dir: string): Folder {
  if (!existsSync(dir)) throw new FolderError([`${dir}: there is no such folder. Begin with: schoolbell pull`]);
  const faults: string[] = [];
  const read = (path: string): unknown => {
    const document = parseDocument(readFileSync(path, "utf8"), { prettyErrors: true });
    faults.push(...document.errors.map((error) => `${path}: ${error.message.split("\n", 1).join("")}`));
    return document.errors.length ? undefined : document.toJS();
  };
  const files: ItemFile[] = [];
  const firstOf = new Map<string, string>();
  for (const kind of KINDS) {
    for (const path of yamlFilesIn(folderOf(dir, kind))) {
      if (basename(path) === MANIFEST) continue;
      const before = faults.length;
      const item = read(path);
      if (faults.length > before) continue;
      const name = kind === "profile_fields" ? "key" : "id";
      const key = isItem(item) ? keyOf(kind, item) : undefined;
      if (!isItem(item) || typeof key !== "string" || key === "") {
        faults.push(
          `${path}: it needs ${name === "id" ? "an" : "a"} ${name}, which stays for as long as the thing is there`,
        );
        continue;
      }
      const other = firstOf.get(`${kind} ${key}`);
      if (other !== undefined) faults.push(`${path}: ${other} has the same ${name}, ${key}`);
      firstOf.set(`${kind} ${key}`, path);
      files.push({ path, kind, key, item });
    }
  }
  // What nobody reads would be taken for what is there.
  faults.push(
    ...strayIn(dir).map((path) => `${path}: files lie in ${dir}, or in a folder there of these: ${FOLDERS.join(", ")}`),
  );
  const manifest = join(dir, MANIFEST);
  const said = existsSync(manifest) ? read(manifest) : undefined;
  const kinds = isItem(said) && Array.isArray(said.kinds) ? said.kinds : undefined;
  for (const kind of kinds ?? [])
    if (!isKind(kind)) faults.push(`${manifest}: there is no kind ${JSON.stringify(kind)}`);
  if (faults.length) throw new FolderError(faults);
  return {
    kinds: kinds ? kinds.filter(isKind) : KINDS.filter((kind) => files.some((file) => file.kind === kind)),
    files,
  };
}

/** The document that an import takes. Each item stands where `files` has it among those of its kind. */
export function documentOf({ kinds, files }: Folder): Document {
  const document: Document = {};
  for (const kind of KINDS) {
    const items = files.filter((file) => file.kind === kind).map(({ item }) => item);
    if (items.length || kinds.includes(kind)) document[kind] = items;
  }
  return document;
}

export interface Pulled {
  written: string[];
  /** Files of things that the school does not have. */
  unknown: string[];
}

/** Writes what a school has. A file that says the same already stays as it is, comments and all. */
export function writeFolder(dir: string, document: Document, { prune }: { prune: boolean }): Pulled {
  const before = existsSync(dir) ? readFolder(dir).files : [];
  const pulled: Pulled = { written: [], unknown: [] };
  const write = (path: string, value: unknown): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, stringify(value, { lineWidth: 0 }));
    pulled.written.push(path);
  };
  const manifest = join(dir, MANIFEST);
  const kinds = KINDS.filter((kind) => document[kind] !== undefined);
  if (!existsSync(manifest)) write(manifest, { schoolbell: 1, kinds });
  for (const kind of kinds) {
    const keys = new Set<string>();
    for (const item of document[kind] ?? []) {
      const key = String(keyOf(kind, item));
      keys.add(key);
      const known = before.find((file) => file.kind === kind && file.key === key);
      if (known && isDeepStrictEqual(known.item, item)) continue;
      write(known?.path ?? newPath(folderOf(dir, kind), item, key), item);
    }
    for (const { path } of before.filter((file) => file.kind === kind && !keys.has(file.key))) {
      pulled.unknown.push(path);
      if (prune) rmSync(path);
    }
  }
  return pulled;
}

const yamlFilesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /\.ya?ml$/.test(name))
        .toSorted()
        .map((name) => join(folder, name))
    : [];

const FOLDERS = KINDS.filter((kind) => kind !== "automations");

/** Files of YAML in folders that hold no kind of thing. Those of tools are left alone. */
function strayIn(dir: string): string[] {
  const folders = (at: string) =>
    readdirSync(at, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules")
      .map(({ name }) => name);
  const below = (at: string): string[] =>
    folders(at).flatMap((name) => [...yamlFilesIn(join(at, name)), ...below(join(at, name))]);
  const own = new Set<string>(FOLDERS);
  return folders(dir).flatMap((name) => {
    const at = join(dir, name);
    return own.has(name) ? below(at) : [...yamlFilesIn(at), ...below(at)];
  });
}

/** A file of its own for a new thing, by what people call it. */
function newPath(folder: string, item: Item, key: string): string {
  const name = typeof item.name === "string" ? item.name : key;
  const plain = (text: string) =>
    text
      .normalize("NFKD")
      .replaceAll(/\p{M}/gu, "")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_]+/gu, "-")
      .replaceAll(/^-+|-+$/g, "")
      .slice(0, 60);
  const base = plain(name) || plain(key) || "thing";
  for (let n = 1; ; n++) {
    const path = join(folder, `${base}${n === 1 ? "" : `-${n}`}.yaml`);
    if (!existsSync(path) && basename(path) !== MANIFEST) return path;
  }
}
