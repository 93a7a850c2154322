import { Inflate } from "fflate";
import { type Fault, invalid, type Problem, pointer } from "../../base/errors/errors";

/*
 * A zip of OneRoster's, opened by its central directory: what it says is bounded before anything is inflated, and held
 * to while inflating, for a directory may lie.
 */

const MIB = 1024 * 1024;
const MAX_FILES = 100;
/** With folders, and what a Mac puts beside each file. */
const MAX_ENTRIES = 3 * MAX_FILES;
const MAX_BYTES = 32 * MIB;
/** Lists compress some twenty times; a file made to harm a thousand times. Small ones do no harm. */
const MAX_RATIO = 100;
const HARMLESS_BYTES = MIB;
/** What is inflated at once: at most a thousand times as much comes out, twenty times of a list. */
const SLICE_BYTES = 4 * 1024;

const END = 0x06054b50;
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 0xffff;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const ENCRYPTED = 1;
const STORED = 0;
const DEFLATED = 8;
/** Stands where the number itself is in a zip64 record. */
const IN_ZIP64 = 0xffffffff;

/** A file as the directory tells of it. */
interface Entry {
  name: string;
  flags: number;
  method: number;
  packed: number;
  size: number;
  /** Where its own header begins. */
  at: number;
}

/** The files of a zip, by name: each is inflated, piece by piece, whenever it is asked for, and never held whole. */
export type Files = ReadonlyMap<string, () => Iterable<Uint8Array>>;

const refusal = (message: string): Problem => invalid([{ path: "", message }]);
const damaged = (name: string, why: string): Problem =>
  invalid([{ path: pointer([name]), message: `${name} is damaged: ${why}` }]);

/**
 * Opens a zip.
 * @returns its files; reading one throws a 422 where it is damaged or of another size than it says
 * @throws Problem 422 for what is no whole zip, and for names, sizes and kinds of files that are not taken
 */
export function openZip(bytes: Uint8Array): Files {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  if (end === null) throw refusal("this is no zip, or its end is missing");
  const entries = asPacked(readDirectory(view, bytes, end));
  if (entries.length > MAX_FILES) throw refusal(`a zip holds at most ${MAX_FILES} files`);
  const faults = faultsOf(entries);
  if (faults.length) throw invalid(faults);
  return new Map(entries.map((entry) => [entry.name, () => contentOf(view, bytes, entry)]));
}

/** Where the record begins that ends a zip: a comment may follow, and nothing else. */
function findEnd(view: DataView): number | null {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT_BYTES); at--) {
    if (view.getUint32(at, true) === END && view.getUint16(at + 20, true) === last - at) return at;
  }
  return null;
}

function readDirectory(view: DataView, bytes: Uint8Array, end: number): Entry[] {
  const count = view.getUint16(end + 10, true);
  if (count > MAX_ENTRIES) throw refusal(`a zip holds at most ${MAX_FILES} files`);
  const decoder = new TextDecoder();
  const entries: Entry[] = [];
  let at = view.getUint32(end + 16, true);
  for (let n = 0; n < count; n++) {
    const isWhole = at + ENTRY_BYTES <= end && view.getUint32(at, true) === ENTRY;
    const nameEnd = isWhole ? at + ENTRY_BYTES + view.getUint16(at + 28, true) : end + 1;
    if (nameEnd > end) throw refusal("the zip's directory is damaged");
    entries.push({
      name: decoder.decode(bytes.subarray(at + ENTRY_BYTES, nameEnd)),
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    });
    at = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

/** What a system puts beside the files of its own accord: folders, `__MACOSX`, `Thumbs.db`, what begins with a dot. */
const isBeside = (name: string): boolean =>
  name.endsWith("/") || name.split("/").some((part) => BESIDE.test(part) || /^\.[^.]/.test(part));
const BESIDE = /^(__MACOSX|thumbs\.db|desktop\.ini)$/i;

/** The files of a zip, out of the one folder that all of them lie in where somebody packed a folder. */
function asPacked(entries: readonly Entry[]): Entry[] {
  // Some of Windows' packers write its own sign between folders.
  const files = entries
    .map((entry) => ({ ...entry, name: entry.name.replaceAll("\\", "/") }))
    .filter(({ name }) => !isBeside(name));
  const folder = /^[^/]+\//.exec(files[0]?.name ?? "")?.[0];
  const isIn = folder !== undefined && folder !== "../" && files.every(({ name }) => name.startsWith(folder));
  return isIn ? files.map((file) => ({ ...file, name: file.name.slice(folder.length) })) : files;
}

/** Everything that is wrong with what the directory tells. */
function faultsOf(entries: readonly Entry[]): Fault[] {
  const names = entries.map(({ name }) => name);
  const faults = entries.flatMap((entry, index) => {
    const message = faultOf(entry) ?? (names.indexOf(entry.name) < index ? "is there twice" : null);
    return message === null ? [] : [{ path: pointer([entry.name]), message: `${entry.name}: ${message}` }];
  });
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total <= MAX_BYTES) return faults;
  return [...faults, { path: "", message: `inflated, the files have at most ${MAX_BYTES} bytes together` }];
}

function faultOf({ name, flags, method, packed, size, at }: Entry): string | null {
  if (/[/\\]|\p{Cc}/u.test(name) || name === "" || name === "." || name === "..")
    return "files lie at the root of the zip, and no name leads elsewhere";
  if (flags & ENCRYPTED) return "it is encrypted";
  if (method !== STORED && method !== DEFLATED) return "it is neither stored nor deflated";
  if (packed === IN_ZIP64 || size === IN_ZIP64 || at === IN_ZIP64) return "zip64 is not taken";
  if (size > HARMLESS_BYTES && size > MAX_RATIO * packed) return `it inflates more than ${MAX_RATIO} times`;
  return null;
}

function* contentOf(
  view: DataView,
  bytes: Uint8Array,
  { name, method, packed, size, at }: Entry,
): Generator<Uint8Array> {
  if (at + LOCAL_BYTES > bytes.length || view.getUint32(at, true) !== LOCAL) throw damaged(name, "it is not there");
  const start = at + LOCAL_BYTES + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  if (start + packed > bytes.length) throw damaged(name, "it ends early");
  const data = bytes.subarray(start, start + packed);
  let left = size;
  for (const piece of method === STORED ? [data] : inflated(name, data)) {
    left -= piece.length;
    if (left < 0) throw damaged(name, "it is larger than the zip says");
    yield piece;
  }
  if (left > 0) throw damaged(name, "it is smaller than the zip says");
}

function* inflated(name: string, data: Uint8Array): Generator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  const inflating = new Inflate((piece) => {
    if (piece.length) pieces.push(piece);
  });
  for (let from = 0; from < data.length; from += SLICE_BYTES) {
    const to = Math.min(from + SLICE_BYTES, data.length);
    try {
      inflating.push(data.subarray(from, to), to === data.length);
    } catch {
      throw damaged(name, "it cannot be inflated");
    }
    yield* pieces;
    pieces = [];
  }
}
