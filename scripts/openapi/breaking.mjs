// What of a newer OpenAPI document would break who calls by an older one: the rules of docs/versioning.md, as code.
import { changesOf } from "./schemas.mjs";

/**
 * @typedef {{at: string, what: string}} Breaking
 * @typedef {Record<string, any>} Part a part of a document, whose form its place tells
 */

/**
 * All that would break, by where it stands.
 * @param {Part} before
 * @param {Part} after
 * @param {string} day today, `2026-12-01`: what was deprecated may go once its sunset has come
 * @returns {Breaking[]}
 */
export function breakingChanges(before, after, day) {
  /** @type {Breaking[]} */
  const found = [];
  const say = (at, what) => found.push({ at, what });
  const compare = changesOf(before, after);
  const schemas = (was, is, way, at) => found.push(...compare(was ?? {}, is ?? {}, way, at));

  for (const [path, operations] of Object.entries(before.paths ?? {})) {
    for (const [method, was] of Object.entries(operations)) {
      const at = `${method.toUpperCase()} ${path}`;
      const is = after.paths?.[path]?.[method];
      if (is) compareOperations(was, is, at);
      else if (!isOver(was, day)) say(at, "is gone");
    }
  }
  for (const [name, { post: was }] of Object.entries(before.webhooks ?? {})) {
    const is = after.webhooks?.[name]?.post;
    if (!is) say(`webhook ${name}`, "is no longer sent");
    else schemas(bodyOf(was), bodyOf(is), "answered", `webhook ${name}`);
  }
  return found;

  function compareOperations(was, is, at) {
    for (const scope of was["x-scopes"] ?? [])
      if (!is["x-scopes"]?.includes(scope)) say(at, `is no longer open to the scope ${scope}`);
    compareParameters(was.parameters ?? [], is.parameters ?? [], at);
    if (is.requestBody) {
      if (is.requestBody.required && !was.requestBody?.required) say(at, "needs a body");
      for (const [type, { schema }] of Object.entries(was.requestBody?.content ?? {})) {
        const taken = is.requestBody.content[type];
        if (taken) schemas(schema, taken.schema, "taken", `${at} body`);
        else say(at, `no longer takes ${type}`);
      }
    } else if (was.requestBody) say(at, "no longer takes a body");
    for (const [status, answer] of Object.entries(was.responses)) {
      if (!status.startsWith("2")) continue;
      const answered = is.responses[status];
      if (!answered) say(at, `no longer answers ${status}`);
      else
        for (const [then, now] of pairsOf(was.parameters ?? [], jsonOf(answer), jsonOf(answered)))
          schemas(then, now, "answered", `${at} ${status}`);
    }
  }

  function compareParameters(was, is, at) {
    const known = (list, { name, in: place }) => list.find((one) => one.name === name && one.in === place);
    for (const one of was) {
      const other = known(is, one);
      if (!other) {
        if (!isOver(one, day)) say(`${at} ?${one.name}`, "is gone");
        continue;
      }
      if (other.required && !one.required) say(`${at} ?${one.name}`, "is needed now");
      schemas(one.schema, other.schema, "taken", `${at} ?${one.name}`);
    }
    for (const one of is) if (one.required && !known(was, one)) say(`${at} ?${one.name}`, "is new, and needed");
  }
}

/**
 * An answer of then and of now, once for each parameter by which it is another (`x-only-with`: one a form, "" where a form
 * needs none). Who calls by the older document gives none that it does not know, and meets no form of such.
 */
function* pairsOf(parameters, was, is) {
  const [before, after] = [formsOf(was), formsOf(is)];
  const known = new Set(["", ...parameters.map(({ name }) => name)]);
  for (const need of new Set(after.map((form) => form.need))) {
    if (!known.has(need)) continue;
    const old = before.filter((form) => form.need === need || form.need === "");
    yield [anyOf(old.length ? old : before), anyOf(after.filter((form) => form.need === need))];
  }
}

const formsOf = (schema = {}) => {
  const needs = schema["x-only-with"];
  return needs && schema.anyOf
    ? schema.anyOf.map((form, n) => ({ form, need: needs[n] }))
    : [{ form: schema, need: "" }];
};
const anyOf = (forms) => (forms.length === 1 ? forms[0].form : { anyOf: forms.map(({ form }) => form) });

const isOver = (part, day) =>
  part.deprecated === true && typeof part["x-sunset"] === "string" && part["x-sunset"] <= day;
const jsonOf = (answer) => answer.content?.["application/json"]?.schema;
const bodyOf = (operation) => Object.values(operation.requestBody?.content ?? {})[0]?.schema;
