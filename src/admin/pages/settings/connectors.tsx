import type { FC } from "hono/jsx";
import { variablesOf } from "../../../base/env";
import { Problem } from "../../../base/errors/errors";
import { type Channel, type ChannelName, channels } from "../../../catalogue/channels";
import { jsonSchemaOf } from "../../../catalogue/options/json-schema";
import { connectorSettings, type Way, ways } from "../../../connectors";
import type { OptionSchema } from "../../../definition/catalogue";
import { isRecord } from "../../../definition/types";
import type { AnswerTo } from "../../../http/answering/answers";
import { inWords, say } from "../../../language/say";
import { Badge, Banner } from "../../components/bits";
import { AskedButton, Form, TextField } from "../../components/forms/form";
import { choicesOf, readFields, SchemaFields } from "../../components/forms/schema-form";
import { Table } from "../../components/table";
import { Pages } from "../../page";
import { attempt, type Ctx, faultAt, formFieldsOf, type Html, seeOther, type Visit } from "../../visit";
import { RefusalNotice } from "../problem";
import { KeptNotice, keptOf } from "../sending/kept";
import { OwnersOnly, SettingsPage } from "./frame";
import { Hooks } from "./hooks";
import { LmsConnection } from "./lms";
import { sendTest } from "./test-delivery";

let whole: OptionSchema | undefined;

/** The schema of `settings.connectors`; as it comes out, which names each vendor's options apart. */
function schemasOf({ name }: Way): OptionSchema[] {
  // The library's JSON Schema; the UI's own type names the part that is used.
  whole ??= jsonSchemaOf(connectorSettings, "output") as OptionSchema;
  return choicesOf(whole.properties?.[name]);
}

const typeOf = (schema: OptionSchema): string => String(schema.properties?.type?.const ?? "");

/** The vendor of a type; without a type, the only one. */
const vendorOf = ({ vendors }: Way, type: string): Way["vendors"][number] | undefined =>
  vendors.find(({ name }) => type === "" || name === type);

const vendorName = (way: Way, type: string): string => inWords(vendorOf(way, type)?.label ?? type);

const chosenOf = (school: AnswerTo<"GET /v1/school">, { name }: Way): Record<string, unknown> | null => {
  const chosen = new Map(Object.entries(school.settings.connectors)).get(name);
  return isRecord(chosen) ? chosen : null;
};

const wayOf = (c: Ctx): Way => {
  const way = ways.find(({ name }) => name === c.req.param("way"));
  if (!way) throw new Problem("not_found", say("There is no such connector."));
  return way;
};

/** The channel that a way out is; none is behind a way in. */
const channelOf = (way: Way): Channel<ChannelName> | undefined => channels.find(({ name }) => name === way.name);

const wayPath = (visit: Visit, { name }: Way) => visit.path(`/settings/connectors/${name}`);

export const settingsConnectorsPages = new Pages();

settingsConnectorsPages.get("/settings/connectors", "viewer", async (c) => {
  const school = await c.var.visit.api.call("GET /v1/school");
  return c.html(
    <SettingsPage c={c} title={say("Connectors")} here="/settings/connectors">
      <p class="soft after">
        {say("Ways out to mail, push, analytics and the LMS. Secrets are sealed and never read back.")}
      </p>
      <Table
        caption={say("Connectors")}
        rows={ways}
        keyOf={({ name }) => name}
        columns={[
          {
            head: say("Way"),
            names: true,
            cell: (way) => <a href={wayPath(c.var.visit, way)}>{inWords(way.label)}</a>,
          },
          {
            head: say("Set up"),
            cell: (way) => {
              const chosen = chosenOf(school, way);
              return chosen ? (
                <Badge tone="good">{chosen.type ? vendorName(way, String(chosen.type)) : say("yes")}</Badge>
              ) : (
                <Badge>{say("no")}</Badge>
              );
            },
          },
          { head: say("What it is for"), cell: ({ what }) => <span class="soft">{inWords(what)}</span> },
        ]}
      />
    </SettingsPage>,
  );
});

interface TestProps {
  c: Ctx;
  way: Way;
  result: { ok: boolean; text: string } | null;
}

const Test: FC<TestProps> = ({ c, way, result }) => {
  const visit = c.var.visit;
  const { school, viewer } = visit;
  const channel = channelOf(way);
  if (!channel?.test) return null;
  const { typed } = channel.recipients;
  return (
    <>
      <h2 class="part">{say("Send a test")}</h2>
      {result ? (
        <Banner tone={result.ok ? "good" : "fault"}>
          <output>
            {result.ok ? "✓ " : "✕ "}
            {result.text}
          </output>
        </Banner>
      ) : null}
      {school.mode === "test" ? (
        <p class="soft">{say("Nothing leaves a school in test mode: try it in a live one.")}</p>
      ) : (
        <Form action={`${wayPath(visit, way)}/test`} class="form after">
          {typed ? (
            <TextField
              name="to"
              type={typed}
              label={say("To@recipient")}
              required
              value={typed === "email" && viewer.email.includes("@") ? viewer.email : ""}
            />
          ) : null}
          <button type="submit" class="button">
            {say("Send a test")}
          </button>
        </Form>
      )}
    </>
  );
};

async function connectorPage(
  c: Ctx,
  way: Way,
  more: {
    refused?: Problem | null;
    sent?: Record<string, unknown>;
    result?: { ok: boolean; text: string };
    findings?: AnswerTo<"GET /v1/lms/check">["findings"];
  } = {},
): Promise<Html> {
  const visit = c.var.visit;
  const { api, mayOwn } = visit;
  const school = await api.call("GET /v1/school");
  const schemas = schemasOf(way);
  const chosen = chosenOf(school, way);
  const wanted = String(more.sent?.type ?? c.req.query("type") ?? chosen?.type ?? typeOf(schemas[0] ?? {}));
  const schema = schemas.find((one) => typeOf(one) === wanted) ?? schemas[0] ?? {};
  const type = typeOf(schema);
  const description = vendorOf(way, type)?.description;
  const isChosen = chosen !== null && String(chosen.type ?? "") === type;
  const channel = channelOf(way);
  const kept = channel?.isMail ? await keptOf(c) : null;
  const lms = channel?.staysOwn ? await api.call("GET /v1/lms") : null;
  return (
    <SettingsPage c={c} title={inWords(way.label)} here="/settings/connectors">
      <p class="soft after">{inWords(way.what)}</p>
      <RefusalNotice problem={more.refused} />
      <Hooks way={way} hookKey={school.hook_key} origin={variablesOf(c.env).PUBLIC_URL} />
      {kept ? <KeptNotice visit={visit} kept={kept} /> : null}
      {schemas.length > 1 ? (
        <form method="get" action={wayPath(visit, way)} class="filters after">
          <label class="filter is-wide">
            <span>{say("By")}</span>
            <select name="type">
              {schemas.map((one) => (
                <option value={typeOf(one)} selected={typeOf(one) === type}>
                  {vendorName(way, typeOf(one))}
                </option>
              ))}
            </select>
          </label>
          <button type="submit" class="button">
            {say("Choose")}
          </button>
        </form>
      ) : null}
      <Form action={wayPath(visit, way)} class="form after" isLocked={!mayOwn}>
        {type ? <input type="hidden" name="type" value={type} /> : null}
        {description === undefined ? null : <p class="hint">{inWords(description)}</p>}
        <SchemaFields
          schema={schema}
          values={more.sent ?? (isChosen ? chosen : {})}
          kept={isChosen}
          faultOf={(option) => faultAt(more.refused, `/settings/connectors/${way.name}/${option}`)}
        />
        {mayOwn ? (
          <span class="inline">
            <button type="submit" class="button is-main">
              {schemas.length > 1 ? say("Save: {vendor}", { vendor: vendorName(way, type) }) : say("Save")}
            </button>
          </span>
        ) : (
          <OwnersOnly />
        )}
      </Form>
      {chosen && mayOwn ? (
        <p class="after">
          <AskedButton
            ask={say("Remove…")}
            follows={say(
              "Nothing more goes out this way, and its secrets are forgotten: whoever sets it up again enters them anew.",
            )}
            action={`${wayPath(visit, way)}/remove`}
          >
            {say("Remove it, with its secrets")}
          </AskedButton>
        </p>
      ) : null}
      {chosen && mayOwn && lms && lms.type !== "none" ? (
        <LmsConnection visit={visit} lms={lms} findings={more.findings ?? null} />
      ) : null}
      {chosen && mayOwn && !lms ? <Test c={c} way={way} result={more.result ?? null} /> : null}
    </SettingsPage>
  );
}

settingsConnectorsPages.get("/settings/connectors/:way", "viewer", async (c) =>
  c.html(await connectorPage(c, wayOf(c))),
);

settingsConnectorsPages.post("/settings/connectors/:way", "owner", async (c) => {
  const way = wayOf(c);
  const fields = await formFieldsOf(c);
  const type = fields.text("type");
  const schemas = schemasOf(way);
  const schema = schemas.find((one) => typeOf(one) === type) ?? schemas[0] ?? {};
  const sent = { ...readFields(schema, fields), ...(type === "" ? {} : { type }) };
  const { refused } = await attempt(() =>
    c.var.visit.api.call("PATCH /v1/school", { body: { settings: { connectors: { [way.name]: sent } } } }),
  );
  return refused
    ? c.html(await connectorPage(c, way, { refused, sent }), refused.status)
    : seeOther(c, wayPath(c.var.visit, way), { done: "saved" });
});

settingsConnectorsPages.post("/settings/connectors/:way/remove", "owner", async (c) => {
  const way = wayOf(c);
  await c.var.visit.api.call("PATCH /v1/school", { body: { settings: { connectors: { [way.name]: null } } } });
  return seeOther(c, wayPath(c.var.visit, way), { done: "removed" });
});

settingsConnectorsPages.post("/settings/connectors/:way/check", "owner", async (c) => {
  const way = wayOf(c);
  if (!channelOf(way)?.staysOwn) throw new Problem("not_found", say("There is no connection to look at."));
  const { findings } = await c.var.visit.api.call("GET /v1/lms/check");
  return c.html(await connectorPage(c, way, { findings }));
});

/** A test's texts, in the language of whoever asks for it. */
const inReadersWords = (test: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(test).map(([part, value]) => [part, typeof value === "string" ? inWords(value) : value]),
  );

settingsConnectorsPages.post("/settings/connectors/:way/test", "owner", async (c) => {
  const way = wayOf(c);
  const channel = channelOf(way);
  if (!channel?.test) throw new Problem("not_found", say("This connector cannot be tested by itself."));
  const { school } = c.var.visit;
  if (school.mode === "test") throw new Problem("conflict", say("Nothing leaves a school in test mode."));
  const to = (await formFieldsOf(c)).text("to");
  const result = await sendTest(c.env, school, { channel: channel.name, content: inReadersWords(channel.test), to });
  return c.html(await connectorPage(c, way, { result }));
});
