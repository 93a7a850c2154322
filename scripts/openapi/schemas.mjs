// Two schemas compared, in the way that values go: what is taken must not grow narrower, what is answered not wider.

/**
 * @typedef {"taken" | "answered"} Way
 * @typedef {{at: string, what: string}} Breaking
 * @typedef {Record<string, any>} Schema
 */

const AT_MOST = ["maxLength", "maximum", "exclusiveMaximum", "maxItems", "maxProperties"];
const AT_LEAST = ["minLength", "minimum", "exclusiveMinimum", "minItems", "minProperties"];

/**
 * Compares schemas of two documents, whose references it follows.
 * @returns {(was: Schema, is: Schema, way: Way, at: string) => Breaking[]}
 */
export function changesOf(before, after) {
  /** Of two references in a way: what was found; nothing yet while it is looked for, so that circles end. */
  const known = new Map();
  return compare;

  function compare(was, is, way, at) {
    if (!was.$ref && !is.$ref) return compareChoices(was, is, way, at);
    const key = `${way} ${was.$ref ?? JSON.stringify(was)} ${is.$ref ?? JSON.stringify(is)}`;
    const found = known.get(key);
    if (found) return found;
    known.set(key, []);
    const fresh = compareChoices(resolved(was, before), resolved(is, after), way, was.$ref ? nameOf(was.$ref) : at);
    known.set(key, fresh);
    return fresh;
  }

  /** Each that was taken must still be; each that is answered must be one that was. */
  function compareChoices(was, is, way, at) {
    const [ofWas, ofIs] = [choicesOf(was, before), choicesOf(is, after)];
    if (ofWas.length === 1 && ofIs.length === 1) return compareOne(ofWas[0], ofIs[0], way, at);
    const faults = [];
    const [all, among] = way === "taken" ? [ofWas, ofIs] : [ofIs, ofWas];
    for (const one of all) {
      const kind = kindOf(one);
      const alike = among.filter((other) => kindOf(other) === kind);
      // A kind that is told apart by its name may come beside the others: who reads answers leaves out what it does not know.
      if (
        way === "answered" &&
        !alike.length &&
        kind.startsWith("=") &&
        among.some((other) => kindOf(other).startsWith("="))
      )
        continue;
      let least = null;
      for (const other of alike) {
        const [w, i] = way === "taken" ? [one, other] : [other, one];
        const found = compareOne(w, i, way, kind.startsWith("=") ? `${at} ${kind.slice(1)}` : at);
        if (least === null || found.length < least.length) least = found;
      }
      faults.push(
        ...(least ?? [{ at, what: way === "taken" ? `no longer takes ${told(one)}` : `may also be ${told(one)}` }]),
      );
    }
    return faults;
  }

  function compareOne(was, is, way, at) {
    if (isAnything(was)) return way === "answered" || isAnything(is) ? [] : [{ at, what: `takes ${told(is)} alone` }];
    if (isAnything(is)) return way === "taken" ? [] : [{ at, what: "may be anything" }];
    if (!goesWith(was.type, is.type, way)) return [{ at, what: `was ${was.type} and is ${is.type}` }];
    return [
      ...compareValues(was, is, way, at),
      ...compareBounds(was, is, way, at),
      ...compareProperties(was, is, way, at),
      ...(was.items && is.items ? compare(was.items, is.items, way, `${at}[]`) : []),
    ];
  }

  function compareProperties(was, is, way, at) {
    const faults = [];
    const say = (name, what) => faults.push({ at: `${at}.${name}`, what });
    const [own, others] = [was.properties ?? {}, is.properties ?? {}];
    for (const [name, property] of Object.entries(own)) {
      if (others[name]) faults.push(...compare(property, others[name], way, `${at}.${name}`));
      else if (way === "answered") say(name, "is gone");
      else if (is.additionalProperties === false) say(name, "is no longer taken");
      if (way === "answered" && others[name] && isNeeded(was, name) && !isNeeded(is, name)) say(name, "may be missing");
    }
    if (way === "taken") {
      for (const name of is.required ?? []) if (!isNeeded(was, name)) say(name, "is needed now");
      if (was.additionalProperties !== false && is.additionalProperties === false && is.type === "object")
        say("*", "others are no longer taken");
    }
    if (isSchema(was.additionalProperties) && isSchema(is.additionalProperties))
      faults.push(...compare(was.additionalProperties, is.additionalProperties, way, `${at}.*`));
    if (way === "taken" && is.propertyNames)
      faults.push(...compare(was.propertyNames ?? { type: "string" }, is.propertyNames, way, `${at} names`));
    return faults;
  }
}

function compareValues(was, is, way, at) {
  const [before, after] = [valuesOf(was), valuesOf(is)];
  if (!after) return before && way === "answered" ? [{ at, what: "was one of some values and is any" }] : [];
  if (!before) return way === "taken" ? [{ at, what: `takes ${after.join(", ")} alone` }] : [];
  const gone = before.filter((value) => !after.includes(value));
  if (way === "taken") return gone.map((value) => ({ at, what: `no longer takes ${value}` }));
  // Lists of values may grow in answers; one that has nothing in common with what it was is another thing.
  return gone.length === before.length && before.length ? [{ at, what: `is never ${before.join(", ")} any more` }] : [];
}

function compareBounds(was, is, way, at) {
  const faults = [];
  const changed = (key) => JSON.stringify(was[key]) !== JSON.stringify(is[key]);
  if (way === "answered") {
    if (was.format !== undefined && changed("format")) faults.push({ at, what: `was ${was.format}` });
    return faults;
  }
  for (const key of AT_MOST)
    if (is[key] !== undefined && !(was[key] <= is[key])) faults.push({ at, what: `${key} is ${is[key]}` });
  for (const key of AT_LEAST)
    if (is[key] !== undefined && !(was[key] >= is[key])) faults.push({ at, what: `${key} is ${is[key]}` });
  for (const key of ["pattern", "format", "multipleOf"])
    if (is[key] !== undefined && changed(key)) faults.push({ at, what: `${key} is ${is[key]}` });
  if (was.default !== undefined && changed("default"))
    faults.push({ at, what: `left out it means ${JSON.stringify(is.default)}, not ${JSON.stringify(was.default)}` });
  return faults;
}

const isSchema = (value) => typeof value === "object" && value !== null;
const isNeeded = (schema, name) => schema.required?.includes(name) ?? false;
const nameOf = (reference) => reference.split("/").at(-1);
const resolved = (schema, document) => {
  let one = schema;
  while (one.$ref) one = document.components.schemas[nameOf(one.$ref)];
  return one;
};

/** What a schema lets through, one form each. */
function choicesOf(schema, document) {
  const one = resolved(schema, document);
  const choices = one.anyOf ?? one.oneOf;
  if (choices) return choices.flatMap((choice) => choicesOf(choice, document));
  return Array.isArray(one.type) ? one.type.map((type) => ({ ...one, type })) : [one];
}

const valuesOf = (schema) => schema.enum ?? ("const" in schema ? [schema.const] : null);

/** By what forms are told apart: `=tag.added` of one with a name of its own, else their type. */
function kindOf(schema) {
  const named = Object.entries(schema.properties ?? {}).find(([, property]) => typeof property.const === "string");
  return named ? `=${named[1].const}` : String(schema.type);
}

const told = (schema) => (kindOf(schema).startsWith("=") ? kindOf(schema).slice(1) : kindOf(schema));

const CONSTRAINING = ["type", "enum", "const", "properties", "anyOf", "oneOf", "items", "additionalProperties"];
const isAnything = (schema) => !CONSTRAINING.some((key) => key in schema);

function goesWith(was, is, way) {
  if (was === is || was === undefined || is === undefined) return true;
  const [narrow, wide] = way === "taken" ? [was, is] : [is, was];
  return narrow === "integer" && wide === "number";
}
