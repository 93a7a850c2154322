// Ways to call a Worker from outside, as an LMS would.
import { Agent, request } from "undici";

const ANSWER_MS = 120_000;

/**
 * Calls a Worker with a credential: `call(method, path, body)`, where text is sent as CSV and all else as JSON.
 * Resolves to the answer's JSON, or null; throws with the answer where it is no good one, or does not come in time.
 */
function caller(url, token, answerMs = ANSWER_MS) {
  const dispatcher = new Agent({ headersTimeout: answerMs, bodyTimeout: answerMs, connections: 32 });
  return async (method, path, body) => {
    const isText = typeof body === "string";
    const { statusCode, body: answer } = await request(url + path, {
      method,
      dispatcher,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": isText ? "text/csv" : "application/json" }),
      },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (statusCode >= 300) throw new Error(`${method} ${path}: ${statusCode} ${text.slice(0, 300)}`);
    return text === "" ? null : JSON.parse(text);
  };
}

/** Makes a school of a started Worker; resolves to its `key` and to `call`, which uses it. */
export async function makeSchool({ url, adminToken }, school, answerMs) {
  const { api_key: key } = await caller(url, adminToken)("POST", "/v1/schools", school);
  return { key, call: caller(url, key, answerMs) };
}

/** All items of a list. */
export async function all(call, path) {
  const items = [];
  for (let cursor = ""; ; ) {
    const page = await call("GET", `${path}${path.includes("?") ? "&" : "?"}limit=100${cursor}`);
    items.push(...page.data);
    if (page.next_cursor === null) return items;
    cursor = `&cursor=${encodeURIComponent(page.next_cursor)}`;
  }
}

/** Whether a list has anything: a page of it may be empty while others follow. */
export async function hasAny(call, path) {
  for (let cursor = ""; ; ) {
    const page = await call("GET", `${path}${path.includes("?") ? "&" : "?"}limit=1${cursor}`);
    if (page.data.length || page.next_cursor === null) return page.data.length > 0;
    cursor = `&cursor=${encodeURIComponent(page.next_cursor)}`;
  }
}
