import type { FC } from "hono/jsx";
import { Problem } from "../../../base/errors";
import { jsonSchemaOf } from "../../../catalogue/json-schema";
import { connectorSettings, connectors } from "../../../connectors";
import { isRecord } from "../../../definition/types";
import type { Answer } from "../../../http/answers";
import { Badge, Banner } from "../../components/bits";
import { ActionButton, TextField } from "../../components/form";
import { choicesOf, readFields, SchemaFields } from "../../components/schema-form";
import { Table } from "../../components/table";
import type { Schema } from "../../model";
import { Pages } from "../../page";
import { attempt, type Ctx, faultAt, fieldsOf, type Html, seeOther } from "../../visit";
import { Refusal } from "../problem";
import { OwnersOnly, Settings } from "./frame";
import { sendTest, TESTABLE } from "./test-delivery";

const CHANNELS: Readonly<Record<string, readonly [name: string, what: string]>> = {
  email: ["Email", "How mail leaves. Without one it is kept, to be read under Deliveries."],
  push: ["Push", "How notifications reach the mobile app."],
  webhook: ["Webhooks", "Secrets that calls are signed with, after Standard Webhooks."],
  mixpanel: ["Mixpanel", "Events for product analytics."],
  ga4: ["Google Analytics 4", "Events by the Measurement Protocol."],
  gtm: ["Google Tag Manager", "Events for the page's data layer, or a server container."],
  meta: ["Meta", "Events by the Conversions API."],
  lms: ["LMS", "Where changes that actions make are told, such as enrolments and tags."],
  learnworlds_webhook: [
    "LearnWorlds webhooks",
    "The token that webhooks of LearnWorlds bear: it proves who sends them.",
  ],
};

const VENDORS: Readonly<Record<string, string>> = { moodle: "Moodle", learnworlds: "LearnWorlds" };

let whole: Schema | undefined;

/** The schema of `settings.connectors`; as it comes out, which names each vendor's options apart. */
function schemaOf(channel: string): Schema[] {
  // The library's JSON Schema; the UI's own type names the part that is used.
  whole ??= jsonSchemaOf(connectorSettings, "output") as Schema;
  return choicesOf(
    whole.properties && Object.hasOwn(whole.properties, channel) ? whole.properties[channel] : undefined,
  );
}

const typeOf = (schema: Schema): string => String(schema.properties?.type?.const ?? "");

const vendorName = (channel: string, type: string): string =>
  connectors.find((one) => one.channel === channel && one.name === type)?.label ??
  (Object.hasOwn(VENDORS, type) ? (VENDORS[type] ?? type) : type);

const chosenOf = (school: Answer<"GET /v1/school">, channel: string): Record<string, unknown> | null => {
  const all = new Map(Object.entries(school.settings.connectors));
  const chosen = all.get(channel);
  return isRecord(chosen) ? chosen : null;
};

const channelOf = (c: Ctx): string => {
  const channel = c.req.param("channel") ?? "";
  if (!Object.hasOwn(CHANNELS, channel) || schemaOf(channel).length === 0)
    throw new Problem("not_found", "There is no such connector.");
  return channel;
};

const path = (channel: string) => `/admin/settings/connectors/${channel}`;

export const settingsConnectorsPages = new Pages();

settingsConnectorsPages.get("/settings/connectors", "viewer", async (c) => {
  const school = await c.var.visit.api.call("GET /v1/school");
  return c.html(
    <Settings c={c} title="Connectors" here="/admin/settings/connectors">
      <p class="soft after">Ways out to mail, push, analytics and the LMS. Secrets are sealed and never read back.</p>
      <Table
        caption="Connectors"
        rows={Object.entries(CHANNELS).filter(([channel]) => schemaOf(channel).length > 0)}
        keyOf={([channel]) => channel}
        columns={[
          { head: "Way", names: true, cell: ([channel, [name]]) => <a href={path(channel)}>{name}</a> },
          {
            head: "Set up",
            cell: ([channel]) => {
              const chosen = chosenOf(school, channel);
              return chosen ? (
                <Badge tone="good">{chosen.type ? vendorName(channel, String(chosen.type)) : "yes"}</Badge>
              ) : (
                <Badge>no</Badge>
              );
            },
          },
          { head: "What it is for", cell: ([, [, what]]) => <span class="soft">{what}</span> },
        ]}
      />
    </Settings>,
  );
});

interface TestProps {
  c: Ctx;
  channel: string;
  result: { ok: boolean; text: string } | null;
}

const Test: FC<TestProps> = ({ c, channel, result }) => {
  const { school, viewer } = c.var.visit;
  if (!TESTABLE.has(channel)) return null;
  return (
    <>
      <h2 class="part">Send a test</h2>
      {result ? (
        <Banner tone={result.ok ? "plain" : "fault"}>
          <output>
            {result.ok ? "✓ " : "✕ "}
            {result.text}
          </output>
        </Banner>
      ) : null}
      {school.mode === "test" ? (
        <p class="soft">Nothing leaves a school in test mode: try it in a live one.</p>
      ) : (
        <form method="post" action={`${path(channel)}/test`} class="form after">
          {channel === "email" ? (
            <TextField
              name="to"
              type="email"
              label="To"
              required
              value={viewer.email.includes("@") ? viewer.email : ""}
            />
          ) : null}
          <button type="submit" class="button">
            Send a test
          </button>
        </form>
      )}
    </>
  );
};

async function connectorPage(
  c: Ctx,
  channel: string,
  more: { refused?: Problem | null; sent?: Record<string, unknown>; result?: { ok: boolean; text: string } } = {},
): Promise<Html> {
  const { api, mayOwn } = c.var.visit;
  const school = await api.call("GET /v1/school");
  const [name, what] = CHANNELS[channel] ?? [channel, ""];
  const schemas = schemaOf(channel);
  const chosen = chosenOf(school, channel);
  const wanted = String(more.sent?.type ?? c.req.query("type") ?? chosen?.type ?? typeOf(schemas[0] ?? {}));
  const schema = schemas.find((one) => typeOf(one) === wanted) ?? schemas[0] ?? {};
  const type = typeOf(schema);
  const isChosen = chosen !== null && String(chosen.type ?? "") === type;
  return (
    <Settings c={c} title={name} here="/admin/settings/connectors">
      <p class="soft after">{what}</p>
      <Refusal problem={more.refused} />
      {schemas.length > 1 ? (
        <form method="get" action={path(channel)} class="filters after">
          <label class="filter is-wide">
            <span>By</span>
            <select name="type">
              {schemas.map((one) => (
                <option value={typeOf(one)} selected={typeOf(one) === type}>
                  {vendorName(channel, typeOf(one))}
                </option>
              ))}
            </select>
          </label>
          <button type="submit" class="button">
            Choose
          </button>
        </form>
      ) : null}
      <form method="post" action={path(channel)} class="form after">
        {type ? <input type="hidden" name="type" value={type} /> : null}
        <p class="hint">
          {connectors.find((one) => one.channel === channel && (type === "" || one.name === type))?.description}
        </p>
        <SchemaFields
          schema={schema}
          values={more.sent ?? (isChosen ? chosen : {})}
          kept={isChosen}
          faultOf={(option) => faultAt(more.refused, `/settings/connectors/${channel}/${option}`)}
        />
        {mayOwn ? (
          <span class="inline">
            <button type="submit" class="button is-main">
              Save{schemas.length > 1 ? `: ${vendorName(channel, type)}` : ""}
            </button>
          </span>
        ) : (
          <OwnersOnly />
        )}
      </form>
      {chosen && mayOwn ? (
        <p class="after">
          <ActionButton action={`${path(channel)}/remove`} tone="danger">
            Take it away, its secrets too
          </ActionButton>
        </p>
      ) : null}
      {chosen && mayOwn ? <Test c={c} channel={channel} result={more.result ?? null} /> : null}
    </Settings>
  );
}

settingsConnectorsPages.get("/settings/connectors/:channel", "viewer", async (c) =>
  c.html(await connectorPage(c, channelOf(c))),
);

settingsConnectorsPages.post("/settings/connectors/:channel", "owner", async (c) => {
  const channel = channelOf(c);
  const fields = await fieldsOf(c);
  const type = fields.text("type");
  const schema = schemaOf(channel).find((one) => typeOf(one) === type) ?? schemaOf(channel)[0] ?? {};
  const sent = { ...readFields(schema, fields), ...(type === "" ? {} : { type }) };
  const { refused } = await attempt(() =>
    c.var.visit.api.call("PATCH /v1/school", { body: { settings: { connectors: { [channel]: sent } } } }),
  );
  return refused
    ? c.html(await connectorPage(c, channel, { refused, sent }), refused.status)
    : seeOther(c, path(channel), { done: "saved" });
});

settingsConnectorsPages.post("/settings/connectors/:channel/remove", "owner", async (c) => {
  const channel = channelOf(c);
  await c.var.visit.api.call("PATCH /v1/school", { body: { settings: { connectors: { [channel]: null } } } });
  return seeOther(c, path(channel), { done: "removed" });
});

settingsConnectorsPages.post("/settings/connectors/:channel/test", "owner", async (c) => {
  const channel = channelOf(c);
  const { school } = c.var.visit;
  if (school.mode === "test") throw new Problem("conflict", "Nothing leaves a school in test mode.");
  const result = await sendTest(c.env, school, channel, (await fieldsOf(c)).text("to"));
  return c.html(await connectorPage(c, channel, { result }));
});
