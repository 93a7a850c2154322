import * as z from "zod";
import { KIB } from "../../base/bytes";
import { type Fault, invalid, Problem } from "../../base/errors/errors";
import { faultsOf, partOf, together } from "../../base/errors/faults";
import { isRecord } from "../../definition/types";
import { isCharset } from "../../jobs/files/dialect";
import type { ParsedJson } from "./json";

/*
 * The one reader of bodies. Cheap refusals come first: size, content type, UTF-8, grammar; then everything that is
 * wrong with the content at once.
 */

export const MIB = 1024 * KIB;

// ---- Bytes ----

const tooLarge = (limitBytes: number) => new Problem("too_large", `The body is larger than ${limitBytes} bytes.`);

/** The bytes of a body, at most `limitBytes`, inflated where that is allowed; more is a 413 however it is sent. */
export async function readBytes(request: Request, limitBytes: number, inflates = false): Promise<Uint8Array> {
  const { gzipped, announced } = headersOf(request, limitBytes, inflates);
  try {
    // The platform holds a body to the length announced. To ask for its stream costs as much as to read it.
    if (announced !== null && !gzipped) return new Uint8Array(await request.arrayBuffer());
    if (!request.body) return new Uint8Array();
    if (gzipped) return await readStream(request.body.pipeThrough(new DecompressionStream("gzip")), limitBytes);
    return await readStream(request.body, limitBytes);
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw endedEarly();
  }
}

const endedEarly = () => new Problem("malformed", "The body ended early, or is not encoded as it says.");

function headersOf(request: Request, limitBytes: number, inflates: boolean) {
  const encoding = request.headers.get("content-encoding")?.toLowerCase() ?? "identity";
  const gzipped = inflates && encoding === "gzip";
  if (encoding !== "identity" && !gzipped) {
    throw new Problem("unsupported", `Content-Encoding: ${inflates ? "gzip or none." : "none is taken here."}`);
  }
  const announced = request.headers.get("content-length");
  if (announced !== null && Number(announced) > limitBytes) throw tooLarge(limitBytes);
  return { gzipped, announced };
}

/** A body as it comes. One that is announced as too large is refused at once, another once that many bytes were read. */
export function readPieces(request: Request, limitBytes: number): AsyncIterable<Uint8Array> {
  headersOf(request, limitBytes, false);
  const { body } = request;
  return piecesOf(body ? body.getReader() : null, limitBytes);
}

async function* piecesOf(
  reader: ReadableStreamDefaultReader<Uint8Array> | null,
  limitBytes: number,
): AsyncGenerator<Uint8Array> {
  let length = 0;
  try {
    for (;;) {
      const read = await reader?.read().catch(() => {
        throw endedEarly();
      });
      if (!reader || !read?.value) return;
      length += read.value.length;
      if (length > limitBytes) throw tooLarge(limitBytes);
      yield read.value;
    }
  } finally {
    // Who wants no more of it, or is refused more, does not let it come. A stream that broke has said so above.
    await reader?.cancel().catch(() => {});
  }
}

/** Bytes that are at hand, as if they came. */
export async function* inOne(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Reads a stream up to `limitBytes`; more is a 413. Memory follows what came, however small the pieces. */
export async function readStream(stream: ReadableStream<Uint8Array>, limitBytes: number): Promise<Uint8Array> {
  let bytes = new Uint8Array(Math.min(limitBytes, 4 * KIB));
  let length = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return bytes.subarray(0, length);
    if (length + value.length > limitBytes) {
      await reader.cancel();
      throw tooLarge(limitBytes);
    }
    if (length + value.length > bytes.length) {
      const larger = new Uint8Array(Math.min(limitBytes, Math.max(2 * bytes.length, length + value.length)));
      larger.set(bytes.subarray(0, length));
      bytes = larger;
    }
    bytes.set(value, length);
    length += value.length;
  }
}

// ---- Text ----

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes without the byte order mark that they begin with. */
export const withoutMark = (bytes: Uint8Array): Uint8Array =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;

/** The text of a body; 400 when it is not UTF-8 or begins with a byte order mark. */
export function decodeText(bytes: Uint8Array): string {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw new Problem("malformed", "The body is not UTF-8.");
  }
  if (text.charCodeAt(0) === 0xfeff) throw new Problem("malformed", "The body begins with a byte order mark.");
  return text;
}

/** Sheets are saved in what their program likes. */
const CSV = "text/csv";

/** Whether a Content-Type is one of `types`, whatever its parameters but a charset that is not read: of all but CSV, UTF-8 alone. */
export function isContentType(header: string | null, types: readonly string[]): boolean {
  if (header === null) return false;
  const [type = "", ...parameters] = header.toLowerCase().split(";");
  return (
    types.includes(type.trim()) &&
    parameters.every((parameter) => {
      const [name = "", value = ""] = parameter.split("=", 2);
      const charset = value.trim().replaceAll('"', "");
      return name.trim() !== "charset" || /^utf-?8$/.test(charset) || (type.trim() === CSV && isCharset(charset));
    })
  );
}

const unsupported = (types: readonly string[]) => new Problem("unsupported", `Send it as ${types.join(" or ")}.`);

/** Throws 415 unless the Content-Type is one of `types`. */
export function requireContentType(header: string | null, types: readonly string[]): void {
  if (header === types[0] || isContentType(header, types)) return;
  const [type = ""] = (header ?? "").toLowerCase().split(";");
  // The type is right: what is not read is the charset.
  if (types.includes(type.trim()) && types.includes(CSV))
    throw new Problem("unsupported", "That charset is not read here: save the file as UTF-8.");
  throw unsupported(types);
}

// ---- Schemas ----

/** What `schema` makes of a value, or all that is wrong with it: what was found already among that. */
function look<S extends z.ZodType>(schema: S, { value, faults, tooDeep }: ParsedJson, prefix: readonly PropertyKey[]) {
  // Schemas recurse: what is too deep for us is not shown to them.
  if (tooDeep) return { faults };
  const read = schema.safeParse(value);
  if (!read.success) return { faults: [...faults, ...faultsOf(read.error, prefix)] };
  return { faults, data: read.data };
}

/** What `schema` makes of a value; a 422 with all faults at once, those already found among them. */
export function checkBody<S extends z.ZodType>(
  schema: S,
  parsed: ParsedJson,
  prefix: readonly PropertyKey[] = [],
): z.output<S> {
  const { faults, data } = look(schema, parsed, prefix);
  if (faults.length) throw invalid(faults);
  // There is no fault, so it was let through.
  return data as z.output<S>;
}

/** When a rule over several fields of an object is asked: also where one of them does not fit by itself. */
export const alsoOfFaulty = ({ value }: { value: unknown }): boolean => isRecord(value);

const objectIn = (schema: z.ZodType): z.ZodType => {
  const within = schema instanceof z.ZodLazy ? schema.unwrap() : schema;
  // What a lazy schema unwraps to is a schema as whole as it is.
  return within as z.ZodType;
};

/**
 * What `schema` makes of a body, and all that is wrong with it. What else is wrong is asked of `beside` where the request
 * is refused anyway.
 */
export async function lookWhole<S extends z.ZodType>(
  schema: S,
  parsed: ParsedJson,
  isRefused: boolean,
  beside: (part: Record<string, unknown>, given: Record<string, unknown>) => Promise<Fault[]> | Fault[],
): Promise<{ faults: Fault[]; data?: z.output<S> | undefined }> {
  const { faults, data } = look(schema, parsed, []);
  if ((!faults.length && !isRefused) || parsed.tooDeep || !isRecord(parsed.value)) return { faults, data };
  const within = objectIn(schema);
  const part = within instanceof z.ZodObject ? partOf(within, parsed.value) : {};
  return { faults: together(faults, await beside(part, parsed.value)) };
}
