/*
 * Files as programs write them, made into what is read here, piece by piece as they come: UTF-8, whose lines end with LF
 * or CRLF. UTF-16 is told by its byte order mark, another charset by who sends the file; CR alone (Excel's "CSV
 * (Macintosh)") ends a line, too.
 */

const CR = 13;
const LF = 10;

/** The name of a charset by those that are in use: the platform knows the WHATWG's. */
const called = (name: string): string => name.replace(/^cp(?=125\d$)/, "windows-");

/** What reads a charset; null: nothing here does. */
function decoderOf(name: string): TextDecoder | null {
  try {
    return new TextDecoder(called(name), { fatal: true, ignoreBOM: false });
  } catch {
    // A name that is none is a RangeError.
    return null;
  }
}

/** The charset that a Content-Type declares, in lower case; undefined: none. */
export const charsetOf = (contentType: string | null): string | undefined =>
  /;\s*charset\s*=\s*"?([^\s;"]+)"?/i.exec(contentType ?? "")?.[1]?.toLowerCase();

/** Whether files are read that are declared in it. */
export const isCharset = (name: string): boolean => decoderOf(name) !== null;

const joined = (one: Uint8Array, other: Uint8Array): Uint8Array => {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
};

/** Byte order marks, and what follows them. */
const MARKS: readonly (readonly [mark: readonly number[], charset: string])[] = [
  [[0xef, 0xbb, 0xbf], "utf-8"],
  [[0xff, 0xfe], "utf-16le"],
  [[0xfe, 0xff], "utf-16be"],
];
const MARK_BYTES = 3;

/** A file on its way to UTF-8 with the line ends that are read. */
export class Dialect {
  /** The first bytes, until there are as many as may be a mark. */
  private unsniffed = new Uint8Array();
  /** A CR at the end of a piece, until it is known what follows. */
  private held = new Uint8Array();
  private decoder: TextDecoder | null = null;
  private readonly encoder = new TextEncoder();
  private isSniffed = false;

  /** @param charset as the sender declares it; undefined: UTF-8. What a byte order mark says is surer. */
  constructor(private readonly charset: string | undefined) {}

  /** What a further piece becomes; null: there is none. Throws TypeError for bytes that are not of the charset. */
  take(piece: Uint8Array | null): Uint8Array {
    return this.withLf(this.utf8(piece), piece === null);
  }

  private utf8(piece: Uint8Array | null): Uint8Array {
    let bytes = piece ?? new Uint8Array();
    if (!this.isSniffed) {
      bytes = joined(this.unsniffed, bytes);
      if (bytes.length < MARK_BYTES && piece) {
        this.unsniffed = new Uint8Array(bytes);
        return new Uint8Array();
      }
      this.unsniffed = new Uint8Array();
      this.sniff(bytes);
    }
    if (!this.decoder) return bytes;
    return this.encoder.encode(this.decoder.decode(bytes, { stream: piece !== null }));
  }

  private sniff(bytes: Uint8Array): void {
    this.isSniffed = true;
    const [, marked] = MARKS.find(([mark]) => mark.every((byte, at) => bytes[at] === byte)) ?? [];
    const decoder = decoderOf(marked ?? this.charset ?? "utf-8");
    // What is UTF-8 is passed on as it is, to be judged where it is read.
    if (decoder && decoder.encoding !== "utf-8") this.decoder = decoder;
  }

  /** With LF for a CR that none follows: files that were put together from several have breaks of several kinds. */
  private withLf(piece: Uint8Array, isEnd: boolean): Uint8Array {
    const all = this.held.length ? joined(this.held, piece) : piece;
    // Whether an LF follows the last one is told by the next piece.
    const isOpen = !isEnd && all.at(-1) === CR;
    this.held = isOpen ? all.slice(-1) : new Uint8Array();
    const bytes = isOpen ? all.subarray(0, -1) : all;
    let made: Uint8Array | undefined;
    for (let at = bytes.indexOf(CR); at >= 0; at = bytes.indexOf(CR, at + 1)) {
      if (bytes[at + 1] === LF) continue;
      made ??= bytes.slice();
      made[at] = LF;
    }
    return made ?? bytes;
  }
}
