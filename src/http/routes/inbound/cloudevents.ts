import * as z from "zod";
import type { Env } from "../../../base/env";
import { type Fault, invalid, Problem } from "../../../base/errors/errors";
import { countUnmapped } from "../../../db/unmapped";
import {
  type CloudEvent,
  cloudEvent,
  cloudEventPlaces,
  headerValue,
  mapCloudEvent,
} from "../../../inbound/cloudevents";
import type { Mapped } from "../../../inbound/mapped";
import { inTheirWords } from "../../../inbound/words";
import { ingestAll } from "../../../users/events/batch";
import { NO_WAIT } from "../../../users/events/carry";
import { faultsOfEvent, type Ingested, ingest } from "../../../users/events/ingest";
import type { School } from "../../../world/snapshot";
import type { KeyCredential, SessionCredential, UserCredential } from "../../access/credentials";
import { checkBody, decodeText, isContentType, lookWhole } from "../../reading/body";
import { parseJson } from "../../reading/json";
import { appliedOf, wantedBy } from "../../reading/prefer";
import { accepted, defineRoute, type Forms, okText, type Route } from "../../route";
import {
  answered,
  BATCH_BYTES,
  batchAnswer,
  eventAnswer,
  MAX_EVENTS,
  refusedIn,
  resultsText,
  senderOf,
} from "./event-answer";

/* CloudEvents on POST /v1/events, in the three forms of its HTTP binding. */

const FORMAT = "cloudevents";
const STRUCTURED = "application/cloudevents+json";
const BATCH = "application/cloudevents-batch+json";
const ANY = "application/cloudevents";

/** The answer to an event of a type that is none of ours: it is counted, and shown by GET /v1/unmapped. */
const unmappedAnswer = z.object({ unmapped: z.string() });
const single = {
  method: "POST",
  path: "/v1/events",
  scope: ["events", "user"],
  answers: { 200: eventAnswer, 202: unmappedAnswer },
} as const;

const structured = defineRoute({
  ...single,
  summary: "Send a CloudEvent 1.0.",
  description: "`type` as ours, also behind a prefix; `subject` the user's id; a type that is none of ours is counted.",
  contentTypes: [STRUCTURED],
  body: cloudEvent,
  faultsBeside: faultsOfContent,
  handle: ({ body, ...call }) => take(call, body),
});

const binary = defineRoute({
  ...single,
  summary: "Send a CloudEvent 1.0 with its attributes as ce-… headers.",
  contentTypes: ["application/json"],
  // No body at all is an event without data.
  body: z.unknown().meta({ documentedAs: z.looseObject({}) }),
  // It stands a level deeper in an event.
  lenient: { maxDepth: 31 },
  handle: async ({ body, bodyFaults, ...call }) => {
    const { value, faults } = attributesIn(call.headers);
    const inData = bodyFaults.map((fault) => ({ ...fault, path: `/data${fault.path}` }));
    const event = { ...value, data: body };
    return take(call, await checkEnvelope(call, event, [...faults, ...inData]));
  },
});

const batch = defineRoute({
  method: "POST",
  path: "/v1/events",
  scope: "events",
  summary: "Send up to 500 CloudEvents 1.0; one bad one stops no other. The answer is that of /v1/events/batch.",
  contentTypes: [BATCH],
  body: z.array(z.unknown().meta({ documentedAs: cloudEvent })).max(MAX_EVENTS, "at most 500 events"),
  limitBytes: BATCH_BYTES,
  lenient: { maxDepth: 33 },
  answers: { 200: batchAnswer },
  handle: async ({ env, school, credential, body, bodyFaults, headers, trace }) => {
    const refused = refusedIn(bodyFaults, "");
    const messages = await Promise.all(
      body.map((one, index) => read({ env, school, credential }, one, refused.get(index)?.faults ?? [])),
    );
    const good = messages.filter((one): one is Mapped => !(one instanceof Problem));
    const wanted = { ...wantedBy(headers, Date.now()), deadline: NO_WAIT };
    // Before the events, which are done once they are taken.
    await countUnmapped(
      env,
      school.id,
      FORMAT,
      good.flatMap((one) => ("unmapped" in one ? one.unmapped : [])),
    );
    // It speaks our own schema, and is refused by it.
    const events = good.flatMap((one) => ("events" in one ? one.events : []));
    const taken = await ingestAll(env, school, events, new Map(), wanted, { trace });
    const results = messages.map((one): Ingested => {
      if (one instanceof Problem) return { problem: one };
      const result = "events" in one ? taken.shift() : undefined;
      if (!result) return { text: JSON.stringify(one) };
      return "text" in result ? result : { problem: inTheirWords(result.problem, cloudEventPlaces) };
    });
    return okText(resultsText(results), appliedOf(wanted));
  },
});

/** A binary one has the content type of an event of ours, and is known by its header alone. */
function formOf(headers: Headers): Route | undefined {
  const type = headers.get("content-type");
  if (type !== "application/json" && type?.toLowerCase().startsWith(ANY))
    // Those that nobody reads are refused by the structured one's content type.
    return isContentType(type, [BATCH]) ? batch : structured;
  return headers.has("ce-specversion") ? binary : undefined;
}

export const cloudEventForms: Forms = { routes: [structured, binary, batch], of: formOf };

/** Throws what was wrong with a body, or that it lacks what would make it the data of a CloudEvent. */
export function orLacksSpecversion(headers: Headers, error: unknown): never {
  if (!(headers.has("ce-type") || headers.has("ce-id"))) throw error;
  checkBody(cloudEvent.pick({ specversion: true }), parsed({}, []));
  throw error;
}

/** Who sends it, and with what. */
interface Came {
  env: Env;
  school: School;
  credential: KeyCredential | SessionCredential | UserCredential;
  headers: Headers;
  trace: string | null;
}

type Whose = Pick<Came, "env" | "school" | "credential">;

/** An envelope that fits; a 422 with all that is wrong with it and with what it holds. */
async function checkEnvelope(whose: Whose, raw: unknown, found: Fault[]): Promise<CloudEvent> {
  const { faults, data } = await lookWhole(cloudEvent, parsed(raw, found), false, (part) =>
    faultsOfContent(whose, part),
  );
  if (faults.length || !data) throw invalid(faults);
  return data;
}

/** What is wrong with the event that an envelope holds, by as much of that as fits. */
async function faultsOfContent({ env, school, credential }: Whose, part: Partial<CloudEvent>): Promise<Fault[]> {
  if (part.type === undefined) return [];
  try {
    const given = { ...part, type: part.type, id: part.id ?? "", source: part.source ?? "" };
    const mapped = await mapCloudEvent({ ...given, specversion: "1.0" }, readJson);
    if ("unmapped" in mapped) return [];
    const faults = await faultsOfEvent(env, school, senderOf(credential), mapped.events[0]);
    return inTheirWords(invalid(faults), cloudEventPlaces).faults ?? [];
  } catch (error) {
    if (error instanceof Problem && error.kind === "invalid") return error.faults ?? [];
    throw error;
  }
}

/** One event, from its envelope to the answer; refusals name the places of its structured form. */
async function take({ env, school, credential, headers, trace }: Came, event: CloudEvent) {
  const mapped = await mapCloudEvent(event, readJson);
  if ("unmapped" in mapped) {
    if (credential.kind === "user") throw new Problem("forbidden", `A user token does not send ${event.type}.`);
    await countUnmapped(env, school.id, FORMAT, [mapped.unmapped]);
    return accepted(mapped);
  }
  const caller = senderOf(credential);
  try {
    const wanted = wantedBy(headers, Date.now());
    return answered(await ingest(env, school, caller, mapped.events[0], wanted, trace), wanted);
  } catch (error) {
    throw error instanceof Problem ? inTheirWords(error, cloudEventPlaces) : error;
  }
}

/** What one of a batch is mapped to, or why it is refused. */
async function read(whose: Whose, raw: unknown, faults: Fault[]): Promise<Mapped | Problem> {
  try {
    return await mapCloudEvent(await checkEnvelope(whose, raw, faults), readJson);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

const parsed = (value: unknown, faults: Fault[]) => ({ value, faults, tooDeep: false });

/** The attributes in `ce-…` headers; extensions are left where they are. */
function attributesIn(headers: Headers): { value: Record<string, string>; faults: Fault[] } {
  const found = ["id", "source", "specversion", "type", "time", "subject"].flatMap((name) => {
    const header = headers.get(`ce-${name}`);
    return header === null ? [] : [[name, headerValue(header)] as const];
  });
  return {
    value: Object.fromEntries(found),
    faults: found
      .filter(([, value]) => value.includes("\0"))
      .map(([name]) => ({ path: `/${name}`, message: "text may not hold NUL" })),
  };
}

/** JSON in data_base64, held to what bodies are held to. */
function readJson(bytes: Uint8Array): unknown {
  let faults: Fault[];
  try {
    const { value, ...rest } = parseJson(decodeText(bytes), 31);
    if (!rest.faults.length) return value;
    faults = rest.faults;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    faults = [{ path: "", message: "JSON, encoded as base64" }];
  }
  throw invalid(faults.map(({ path, message }) => ({ path: `/data_base64${path}`, message })));
}
