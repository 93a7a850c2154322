import { Zip, ZipDeflate } from "fflate";
import { toHex } from "../base/bytes";

/* A zip as it is made: no more of it is held than what was just put in. */

export interface ZippedFile {
  name: string;
  bytes: number;
  sha256: string;
}

const EMPTY = new Uint8Array();
/** It must be one that the format can say: from 1980 on. */
const LEAST_TIME = Date.UTC(1980, 0, 2);

export class Zipping {
  readonly files: ZippedFile[] = [];
  readonly #zip: Zip;
  #out: Uint8Array[] = [];
  #fault: Error | null = null;

  /** @param at what its files say of when they were made, ms */
  constructor(private readonly at: number) {
    this.#zip = new Zip((error, bytes) => {
      if (error) this.#fault = error;
      else this.#out.push(bytes);
    });
  }

  /** Puts a file in, and answers with what of the zip is ready meanwhile. */
  async *file(name: string, pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>) {
    const entry = new ZipDeflate(name, { level: 6 });
    entry.mtime = Math.max(LEAST_TIME, this.at);
    this.#zip.add(entry);
    const digest = new crypto.DigestStream("SHA-256");
    const writer = digest.getWriter();
    const utf8 = new TextEncoder();
    let length = 0;
    for await (const piece of pieces) {
      const bytes = typeof piece === "string" ? utf8.encode(piece) : piece;
      length += bytes.length;
      await writer.write(bytes);
      entry.push(bytes);
      yield* this.#ready();
    }
    await writer.close();
    entry.push(EMPTY, true);
    this.files.push({ name, bytes: length, sha256: toHex(new Uint8Array(await digest.digest)) });
    yield* this.#ready();
  }

  *end() {
    this.#zip.end();
    yield* this.#ready();
  }

  *#ready() {
    if (this.#fault) throw this.#fault;
    const ready = this.#out;
    this.#out = [];
    yield* ready;
  }
}
