// Requests as nobody's library would send them, and what every answer must be like.
import { connect } from "node:net";
import { Agent, request } from "undici";

const ANSWER_MS = 20_000;
const LARGE_BYTES = 64 * 1_024;

/**
 * A client of one Worker. `send({method, path, token, headers, body})` resolves to {status, headers, text, json, ms};
 * `body` is text or bytes as they go over the wire, or anything else for JSON. `raw(text)` writes bytes to a socket of
 * its own and resolves to all that came back.
 */
export function clientOf(worker) {
  const dispatcher = new Agent({ connections: 128, headersTimeout: ANSWER_MS, bodyTimeout: ANSWER_MS });
  const { hostname, port } = new URL(worker.url);

  async function send({ method = "GET", path, token, headers = {}, body }) {
    const isRaw = body === undefined || typeof body === "string" || body instanceof Uint8Array || isStream(body);
    const begun = performance.now();
    const sent = {
      ...(isRaw ? {} : { "content-type": "application/json" }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...headers,
    };
    const bytes = body === undefined || isRaw ? body : JSON.stringify(body);
    try {
      const options = { method, dispatcher, headers: sent, ...(bytes === undefined ? {} : { body: bytes }) };
      const answer = await request(worker.url + path, options);
      const text = await answer.body.text();
      return {
        status: answer.statusCode,
        headers: answer.headers,
        text,
        json: parsed(text),
        ms: performance.now() - begun,
      };
    } catch (error) {
      // A body that is too large is refused by its announcement, and the connection closed while we still write.
      if (!(bytes?.length > LARGE_BYTES) || !/EPIPE|ECONNRESET|other side closed/.test(String(error))) throw error;
      const length = { "content-length": Buffer.byteLength(bytes) };
      const lines = Object.entries({ host: `${hostname}:${port}`, ...sent, ...length }).map((pair) => pair.join(": "));
      return parsedAnswer(await raw([`${method} ${path} HTTP/1.1`, ...lines, "", ""].join("\r\n")));
    }
  }

  /** The same, and throws unless it is 2xx; resolves to the body. */
  async function must(asked) {
    const answer = await send(asked);
    if (answer.status < 200 || answer.status > 299)
      throw new Error(`${asked.method ?? "GET"} ${asked.path}: ${answer.status} ${answer.text.slice(0, 500)}`);
    return answer.json;
  }

  /** Writes pieces to a connection and reads until it is closed or `quietMs` pass without a word. */
  const raw = (pieces, { quietMs = 1_500, end = false } = {}) =>
    new Promise((resolve) => {
      let said = "";
      const socket = connect(Number(port), hostname);
      const done = () => {
        socket.destroy();
        resolve(said);
      };
      socket.setTimeout(quietMs, done);
      socket.on("data", (data) => {
        said += data.toString("latin1");
      });
      socket.on("close", done);
      socket.on("error", done);
      for (const piece of [pieces].flat()) socket.write(piece);
      if (end) socket.end();
    });

  return { send, must, raw, url: worker.url, adminToken: worker.adminToken, close: () => dispatcher.close() };
}

const isStream = (body) => typeof body?.[Symbol.asyncIterator] === "function";

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What is wrong with a refusal, whatever it refuses: its form, and that it says nothing of our insides. */
export function faultsOfRefusal({ status, headers, text, json }) {
  const faults = [];
  if (status >= 500) faults.push(`a ${status}`);
  if (!/^application\/problem\+json/.test(headers["content-type"] ?? ""))
    faults.push(`sent as ${headers["content-type"]}`);
  if (headers["x-content-type-options"] !== "nosniff") faults.push("without nosniff");
  if (json?.status !== status || !["type", "title", "detail"].every((name) => typeof json[name] === "string"))
    faults.push("not a problem document");
  // A header has no place in the body.
  if (
    status === 422 &&
    !/^Idempotency-Key/.test(json?.detail) &&
    !(Array.isArray(json?.errors) && json.errors.every((one) => /^(?:\/.*)?$/su.test(one.path)))
  )
    faults.push("a 422 without paths");
  if (status === 401 && !/^Bearer/.test(headers["www-authenticate"] ?? ""))
    faults.push("a 401 without WWW-Authenticate");
  if (status === 429 && !headers["retry-after"]) faults.push("a 429 without Retry-After");
  if (/\bat [\w.<>]+ \(|\.tsx?:\d|SQLITE_|D1_ERROR|\bselect .* from /i.test(text)) faults.push("tells of our insides");
  return faults;
}

/** An answer read from a socket, as the client gives it. */
export function parsedAnswer(said) {
  const [head = "", ...rest] = said.split("\r\n\r\n");
  const [line = "", ...lines] = head.split("\r\n");
  const body = rest.join("\r\n\r\n").replace(/^[0-9a-f]+\r\n(.*?)\r\n0.*$/s, "$1");
  let json = null;
  try {
    json = JSON.parse(body);
  } catch {
    // Said to be no problem document, then.
  }
  const headers = Object.fromEntries(
    lines.map((one) => [one.split(":")[0].toLowerCase(), one.slice(one.indexOf(":") + 1).trim()]),
  );
  return { status: Number(line.split(" ")[1] ?? 0), headers, text: body, json, ms: 0 };
}
