import {
  CaptureTag,
  type Context,
  Drop,
  type Emitter,
  type FilterImplOptions,
  Liquid,
  type TagToken,
  type Template,
  Tokenizer,
  TokenKind,
  toValue,
} from "liquidjs";
import { remembering } from "../../base/cache";
import { spanOfDate } from "../dates/dates";
import { HtmlWriter } from "./html";
import { inOwnWords } from "./liquid-words";
import { formatDate, hasWideField } from "./strftime";

/*
 * The reduced engine: no loops, no includes, a short list of filters, and work bounded by counts rather than by clocks,
 * which stand still while a Worker computes.
 */

type FilterHandler = Extract<FilterImplOptions, (...args: never[]) => unknown>;

const TAGS = ["if", "unless", "case", "assign", "capture", "comment"];
/** Parts of a tag that come without one of their own. */
const TAG_PARTS = ["else", "elsif", "when"];
const FILTERS = [
  ...["default", "escape", "escape_once", "upcase", "downcase", "capitalize", "truncate", "truncatewords", "strip"],
  ...["lstrip", "rstrip", "strip_html", "strip_newlines", "append", "prepend", "url_encode", "date", "size"],
  ...["plus", "minus", "times", "divided_by", "modulo", "round", "ceil", "floor", "abs"],
];

/** A body may be as long as a definition lets it, which is 256 KiB with the rest. */
export const MAX_LENGTH = 256 * 1024;
/** Outputs and tags of a template. */
const MAX_PARTS = 500;
const MAX_DEPTH = 20;
/** Characters made on the way, by filters, captures and the output together. */
const MAX_WORK = 600_000;

/** What a part costs besides its characters. */
const PART_WORK = 16;

/** A template that cannot be parsed or rendered; the message is for its author. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}

/** What the engine throws, in our words. */
export const asTemplateError = (error: unknown): TemplateError =>
  error instanceof TemplateError
    ? error
    : new TemplateError(inOwnWords(error instanceof Error ? error.message : String(error)), { cause: error });

/** What the filter `date` goes by: `"now"` is a moment only where one is given; the zone is UTC where none is. */
export interface TemplateClock {
  nowMs?: number;
  zone?: string;
}

// ---- The engine ----

/** A value on its way into the output, which alone knows how it must be written. */
class Interpolated {
  constructor(readonly value: unknown) {}
}

/** What `capture` caught: text to filters and comparisons, but written with its literal parts still literal. */
class Captured extends Drop {
  readonly #parts: readonly (string | Interpolated)[];

  constructor(parts: readonly (string | Interpolated)[]) {
    super();
    this.#parts = parts;
  }

  static partsOf(captured: Captured): readonly (string | Interpolated)[] {
    return captured.#parts;
  }

  override valueOf(): string {
    return this.#parts.map((part) => (typeof part === "string" ? part : textOf(part.value))).join("");
  }

  /** Properties are those of the text. */
  toLiquid(): string {
    return this.valueOf();
  }
}

/** What `escape` made: where values are escaped anyway, that is not done twice. */
class Escaped extends Drop {
  readonly #plain: string;
  readonly #html: string;

  constructor(plain: string, html: string) {
    super();
    this.#plain = plain;
    this.#html = html;
  }

  static plainOf(escaped: Escaped): string {
    return escaped.#plain;
  }

  override valueOf(): string {
    return this.#html;
  }

  toLiquid(): string {
    return this.#html;
  }
}

/** A value as text. A list is its parts with commas between; an object has no text. */
export function textOf(value: unknown): string {
  const plain: unknown = toValue(value);
  if (Array.isArray(plain)) return plain.map(textOf).join(", ");
  return typeof plain === "string" || typeof plain === "number" || typeof plain === "boolean" ? String(plain) : "";
}

/** Where rendered parts go. Each costs something even when empty, or captures of captures would never end. */
export abstract class Sink implements Emitter {
  readonly buffer = "";

  constructor(private readonly work: Context["memoryLimit"]) {}

  write(part: unknown): void {
    if (!(part instanceof Interpolated)) this.take(String(part));
    else if (!(part.value instanceof Captured)) this.take(part);
    else for (const inner of Captured.partsOf(part.value)) this.write(inner);
  }

  private take(part: string | Interpolated): void {
    this.work.use(PART_WORK + (typeof part === "string" ? part : textOf(part.value)).length);
    this.put(part);
  }

  protected abstract put(part: string | Interpolated): void;
}

class CaptureSink extends Sink {
  readonly parts: (string | Interpolated)[] = [];

  protected put(part: string | Interpolated): void {
    this.parts.push(part);
  }
}

export class TextSink extends Sink {
  text = "";

  protected put(part: string | Interpolated): void {
    this.text += typeof part === "string" ? part : textOf(part.value);
  }
}

export class HtmlSink extends Sink {
  readonly #writer = new HtmlWriter();

  get text(): string {
    return this.#writer.text;
  }

  protected put(part: string | Interpolated): void {
    if (typeof part === "string") this.#writer.literal(part);
    else this.#writer.value(part.value instanceof Escaped ? Escaped.plainOf(part.value) : textOf(part.value));
  }
}

class Capture extends CaptureTag {
  override *render(context: Context): Generator<unknown, void, string> {
    const sink = new CaptureSink(context.memoryLimit);
    yield this.liquid.renderer.renderTemplates(this.templates, context, sink);
    context.bottom()[this.variable] = new Captured(sink.parts);
  }
}

/** The moment a value stands for, as Liquid takes it: a number counts seconds. */
function momentOf(value: unknown, { nowMs, zone = "UTC" }: TemplateClock): number | null {
  if (value === "now" || value === "today") return nowMs ?? null;
  const seconds = typeof value === "string" && /^\d{1,12}$/.test(value) ? Number(value) : value;
  if (typeof seconds === "number") return Math.abs(seconds) < 1e11 ? Math.round(seconds * 1_000) : null;
  if (typeof value !== "string") return null;
  return spanOfDate(value, zone)?.begin ?? null;
}

const date: FilterHandler = function (value, format) {
  const clock = this.context.getRegister<TemplateClock>("clock");
  const moment = momentOf(value, clock);
  if (moment === null) return value;
  const codes = textOf(format) || "%Y-%m-%d";
  if (hasWideField(codes)) throw new TemplateError("a date format is too wide");
  return formatDate(moment, codes, clock.zone ?? "UTC");
};

/** Filters that know what to do with a list; others get its text. */
const OF_LISTS = ["size", "default"];

/** A filter that gets plain values, and whose result counts as work. */
function bounded(filter: FilterHandler, textual = true): FilterHandler {
  return function (value, ...args) {
    const made: unknown = filter.call(
      this,
      textual ? textIfList(toValue(value)) : toValue(value),
      ...args.map((arg) => (Array.isArray(arg) ? arg : toValue(arg))),
    );
    if (typeof made === "string") this.context.memoryLimit.use(made.length);
    return made;
  };
}

const textIfList = (value: unknown): unknown => (Array.isArray(value) ? textOf(value) : value);

function escaping(filter: FilterHandler): FilterHandler {
  return function (value) {
    const plain = textOf(value);
    return new Escaped(plain, textOf(filter.call(this, plain)));
  };
}

function makeEngine(): Liquid {
  const engine = new Liquid({
    strictFilters: true,
    ownPropertyOnly: true,
    parseLimit: MAX_LENGTH,
    memoryLimit: MAX_WORK,
    // No files: nothing includes any, and the engine would ask the machine for its directory.
    templates: {},
    locale: "en-US",
    // Whatever this gives back is handed to our own sinks, which know what to do with it.
    outputEscape: (value: unknown) => new Interpolated(value) as unknown as string,
  });
  for (const name of Object.keys(engine.tags)) if (!TAGS.includes(name)) delete engine.tags[name];
  engine.registerTag("capture", Capture);
  for (const [name, filter] of Object.entries(engine.filters)) {
    if (!FILTERS.includes(name) || typeof filter !== "function") engine.unregisterFilter(name);
    else if (name === "date") engine.registerFilter(name, bounded(date));
    else
      engine.registerFilter(
        name,
        name.startsWith("escape") ? escaping(filter) : bounded(filter, !OF_LISTS.includes(name)),
      );
  }
  return engine;
}

export const engine = makeEngine();

// ---- Parsing ----

/** How deep brackets stand in each other. */
function bracketDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const char of text) {
    if (char === "[" || char === "(") deepest = Math.max(deepest, ++depth);
    else if (char === "]" || char === ")") depth--;
  }
  return deepest;
}

/** Whether a template opens more outputs and tags than it may. */
function hasTooManyParts(text: string): boolean {
  let parts = 0;
  for (let at = text.indexOf("{"); at >= 0; at = text.indexOf("{", at)) {
    const next = text.charAt(at + 1);
    const opens = next === "{" || next === "%";
    if (opens && ++parts > MAX_PARTS) return true;
    at += opens ? 2 : 1;
  }
  return false;
}

/** Refuses what the engine does not have or would go too deep into, before it goes there. */
function inspect(text: string): void {
  if (text.length > MAX_LENGTH) throw new TemplateError(`a template has at most ${MAX_LENGTH} characters`);
  if (hasTooManyParts(text)) throw new TemplateError(`a template has at most ${MAX_PARTS} outputs and tags`);
  const tokens = new Tokenizer(text, engine.options.operators).readTopLevelTokens(engine.options);
  const parts = tokens.filter(({ kind }) => kind === TokenKind.Tag || kind === TokenKind.Output);
  let depth = 0;
  let inComment = false;
  for (const part of parts) {
    // Tokens of this kind are TagTokens.
    const tag = part.kind === TokenKind.Tag ? (part as TagToken).name : "";
    if (inComment) {
      inComment = tag !== "endcomment";
      continue;
    }
    const code = part.getText();
    if (bracketDepth(code) > MAX_DEPTH) throw new TemplateError(`brackets nest at most ${MAX_DEPTH} deep`);
    if (/\|\s*date\b/.test(code) && hasWideField(code)) throw new TemplateError("a date format is too wide");
    if (tag === "comment") inComment = true;
    else if (tag.startsWith("end")) depth--;
    else if (TAGS.includes(tag) && tag !== "assign") depth++;
    else if (tag && tag !== "assign" && !TAG_PARTS.includes(tag))
      throw new TemplateError(`there is no tag "${tag}": ${TAGS.join(", ")}`);
    if (depth > MAX_DEPTH) throw new TemplateError(`tags nest at most ${MAX_DEPTH} deep`);
  }
}

/** Parses a template. @throws TemplateError */
export const parse = remembering(
  (text): Template[] => {
    try {
      inspect(text);
      return engine.parse(text);
    } catch (error) {
      throw asTemplateError(error);
    }
  },
  { entries: 200, characters: 1_000_000 },
);
