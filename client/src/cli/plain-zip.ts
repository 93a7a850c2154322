/* Whether a zip is its files and nothing else: every reader of it finds the same ones in it. */

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const DESCRIPTOR = 0x08074b50;
/** Its sizes follow a file, where they were not known before it. */
const FOLLOWED = 8;

/** False where something stands between, behind or beside the files that its list names. */
export function isPlainZip(zip: Uint8Array): boolean {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = zip.length - 22;
  if (end < 0 || view.getUint32(end, true) !== END || view.getUint16(end + 20, true) !== 0) return false;
  const count = view.getUint16(end + 10, true);
  const list = view.getUint32(end + 16, true);
  if (view.getUint16(end + 8, true) !== count || list + view.getUint32(end + 12, true) !== end) return false;
  let at = list;
  let next = 0;
  for (let n = 0; n < count; n++) {
    if (at + 46 > end || view.getUint32(at, true) !== CENTRAL) return false;
    const nameLength = view.getUint16(at + 28, true);
    if (view.getUint32(at + 42, true) !== next || next + 30 > list || view.getUint32(next, true) !== LOCAL)
      return false;
    const name = (from: number): string => zip.subarray(from, from + nameLength).join();
    if (view.getUint16(next + 26, true) !== nameLength || name(next + 30) !== name(at + 46)) return false;
    if (view.getUint16(next + 8, true) !== view.getUint16(at + 10, true)) return false;
    const size = view.getUint32(at + 20, true);
    let after = next + 30 + nameLength + view.getUint16(next + 28, true) + size;
    if (view.getUint16(next + 6, true) & FOLLOWED) {
      if (after + 16 > list || view.getUint32(after, true) !== DESCRIPTOR) return false;
      after += 16;
    } else if (view.getUint32(next + 18, true) !== size) return false;
    next = after;
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return next === list && at === end;
}
