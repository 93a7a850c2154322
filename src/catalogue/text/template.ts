import { Context, toValueSync, Variable } from "liquidjs";
import { isRecord } from "../../definition/types";
import {
  asTemplateError,
  engine,
  HtmlSink,
  MAX_LENGTH,
  parse,
  type Sink,
  type TemplateClock,
  TemplateError,
  TextSink,
  textOf,
} from "./liquid";

export { htmlToText } from "./html-text";
export { TemplateError };

/*
 * Messages are Liquid templates. What a value holds is never read as a template, and within HTML it is always escaped.
 */

const MAX_OUTPUT = 300_000;
/** As JSON, in which a control character takes six: a mail's HTML and its text lie in one row of D1 together. */
const MAX_BYTES = 900_000;

/** What a template made, or one that holds nothing to fill in: pieces of text may have made it as long. */
function bounded(text: string): string {
  if (text.length > MAX_OUTPUT) throw new TemplateError(`what it makes is longer than ${MAX_OUTPUT} characters`);
  if (text.length > MAX_BYTES / 6 && new TextEncoder().encode(JSON.stringify(text)).length > MAX_BYTES)
    throw new TemplateError(`what it makes takes more than ${MAX_BYTES} bytes`);
  return text;
}

const isPlain = (text: string): boolean => !text.includes("{{") && !text.includes("{%");

/**
 * Whether a template can be saved. Never throws.
 * @returns what is wrong with it, or null
 */
export function checkTemplate(text: string): string | null {
  try {
    if (text.length > MAX_LENGTH || !isPlain(text)) parse(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

// ---- Rendering ----

/** A copy of data alone: functions, which the engine would call, and what prototypes hand down stay behind. */
function plain(value: unknown, depth = 0): unknown {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value !== "object" || value === null || depth > 40) return null;
  if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, depth + 1)]));
}

type Scope = Readonly<Record<string, unknown>>;

/** Where a name with dots of its own (`utm.source`) is found by it, before a path, as conditions find it. */
class DottedContext extends Context {
  override *_getFromScope(...args: Parameters<Context["_getFromScope"]>): Generator<unknown, unknown, unknown> {
    const [scope, paths] = args;
    const keys = typeof paths === "string" ? paths.split(".") : paths.map(String);
    let place = scope;
    for (const [i, key] of keys.entries()) {
      const rest = keys.slice(i).join(".");
      if (i < keys.length - 1 && isRecord(place) && Object.hasOwn(place, rest)) return place[rest];
      if (!isRecord(place) || !Object.hasOwn(place, key)) break;
      place = place[key];
    }
    return yield super._getFromScope(...args);
  }
}

/** Renders templates on one scope, all within the same bound of work. */
class Rendering {
  readonly #base = new Context({}, engine.options, { sync: true }, { liquid: engine });
  #copy: object | undefined;

  constructor(
    private readonly scope: Scope,
    private readonly clock: TemplateClock = {},
  ) {}

  context(): Context {
    // An object's copy is an object.
    this.#copy ??= plain(this.scope) as object;
    const { memoryLimit, renderLimit } = this.#base;
    const limits = { memoryLimit, renderLimit, liquid: engine };
    const context = new DottedContext(this.#copy, engine.options, { sync: true }, limits);
    context.setRegister("clock", this.clock);
    return context;
  }

  text(template: string): string {
    return this.#render(template, (context) => new TextSink(context.memoryLimit));
  }

  html(template: string): string {
    return this.#render(template, (context) => new HtmlSink(context.memoryLimit));
  }

  #render(template: string, sinkOf: (context: Context) => Sink & { readonly text: string }): string {
    if (isPlain(template)) return bounded(template);
    try {
      const context = this.context();
      const sink = sinkOf(context);
      toValueSync(engine.renderer.renderTemplates(parse(template), context, sink));
      return bounded(sink.text);
    } catch (error) {
      throw asTemplateError(error);
    }
  }
}

/** Renders plain text. @throws TemplateError */
export const renderText = (text: string, scope: Scope, clock?: TemplateClock): string =>
  new Rendering(scope, clock).text(text);

const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();

/** Renders one line: breaks and control characters become spaces. @throws TemplateError */
export const renderLine = (text: string, scope: Scope, clock?: TemplateClock): string =>
  oneLine(renderText(text, scope, clock));

/** Renders HTML, in which every value is escaped and addresses from values are http, https or mailto. @throws TemplateError */
export const renderHtml = (text: string, scope: Scope, clock?: TemplateClock): string =>
  new Rendering(scope, clock).html(text);

/** Renders the texts within a JSON value; keys stay as they are. @throws TemplateError */
export function renderData(value: unknown, scope: Scope, clock?: TemplateClock): unknown {
  const rendering = new Rendering(scope, clock);
  const walk = (part: unknown): unknown => {
    if (typeof part === "string") return rendering.text(part);
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, walk(item)]));
  };
  return walk(value);
}

// ---- What a preview reports ----

/** The keys that lead to a variable's value; those that are variables themselves are looked up. */
const keysOf = (variable: Variable, context: Context): (string | number)[] =>
  variable.segments.map((segment) =>
    segment instanceof Variable ? textOf(context.getSync(keysOf(segment, context))) : segment,
  );

/** The variables that a text names, in outputs and tags, by the keys that lead to each; none of a text that is no template. */
function globalsOf(text: string): Variable[] {
  if (isPlain(text) || checkTemplate(text) !== null) return [];
  return Object.values(engine.analyzeSync(parse(text)).globals).flat();
}

/** Those of these variables that a template names, each once: of `["user", "fields"]` what stands below. */
export function namedBelow(text: string, above: readonly string[]): string[] {
  if (!text.includes(above.at(-1) ?? "")) return [];
  const below = globalsOf(text).flatMap(({ segments }) => {
    const next = segments[above.length];
    return above.every((key, i) => segments[i] === key) && typeof next === "string" ? [next] : [];
  });
  return [...new Set(below)];
}

/** The variables that a template names, each once, in dots; one with a name that is known only later is left out. */
export function namedVariables(text: string): string[] {
  const written = globalsOf(text).filter(({ segments }) => !segments.some((key) => key instanceof Variable));
  return [...new Set(written.map(({ segments }) => segments.join(".")))];
}

const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);

/** The variables of a template, in outputs and tags, of which something holds: each once, in order of appearance. */
function variablesWhere(text: string, scope: Scope, holds: (value: unknown, variable: Variable) => boolean): string[] {
  const fault = checkTemplate(text);
  if (fault !== null) throw new TemplateError(fault);
  if (isPlain(text)) return [];
  const context = new Rendering(scope).context();
  const variables = Object.values(engine.analyzeSync(parse(text)).globals)
    .flat()
    .sort((a, b) => a.location.row - b.location.row || a.location.col - b.location.col);
  const found = variables.filter((variable) => holds(context.getSync(keysOf(variable, context)), variable));
  return [...new Set(found.map(String))];
}

/**
 * The variables that have no value in the scope: "user.fields.nothing".
 * @throws TemplateError
 */
export const unknownVariables = (text: string, scope: Scope): string[] => variablesWhere(text, scope, isNothing);

/**
 * The variables that stand as text while they hold others, and show nothing: "user".
 * @throws TemplateError
 */
export function variablesOfOthers(text: string, scope: Scope): string[] {
  const lines = text.split("\n");
  const isOutput = ({ location: { row, col } }: Variable): boolean => {
    const line = lines[row - 1] ?? "";
    // What a filter makes of one may be a text.
    return /\{\{-?\s*$/.test(line.slice(0, col - 1)) && /^[^|]*?-?\}\}/.test(line.slice(col - 1));
  };
  return variablesWhere(
    text,
    scope,
    (value, variable) => typeof value === "object" && value !== null && !Array.isArray(value) && isOutput(variable),
  );
}
