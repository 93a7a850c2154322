import type { Problem } from "../../../base/errors/errors";
import type { AnswerTo } from "../../../http/answering/answers";
import { later, say, weave } from "../../../language/say";
import { Banner, EmptyState } from "../../components/bits";
import { ActionButton, AskedButton, CheckField, Form, TextField } from "../../components/forms/form";
import { Moment } from "../../components/moment";
import { Pager, Table } from "../../components/table";
import { Pages } from "../../page";
import { attempt, type Ctx, faultAt, formFieldsOf, type Html, seeOther } from "../../visit";
import { RefusalNotice } from "../problem";
import { OwnersOnly, SettingsPage } from "./frame";

type ApiKey = AnswerTo<"GET /v1/api-keys/:id">;

const SCOPES = [
  ["events", later("events: send events")],
  ["read", later("read: look at everything")],
  ["write", later("write: change definitions, learners and what the school says of itself")],
  ["admin", later("admin: decide who and what gets in or out: collaborators, connectors, secrets, hook keys, origins")],
] as const;

interface Made {
  what: string;
  secret: string;
}

async function keysPage(c: Ctx, made: Made | null = null, refused: Problem | null = null): Promise<Html> {
  const visit = c.var.visit;
  const page = await visit.api.call("GET /v1/api-keys", { query: { limit: 50, cursor: c.req.query("cursor") } });
  const keys = page.data;
  const { requests_per_minute: most } = await visit.api.call("GET /v1/school");
  const webhooks = visit.mayOwn ? await visit.api.call("GET /v1/webhook-secret") : null;
  return (
    <SettingsPage c={c} title={say("Keys")} here="/settings/keys">
      {made ? (
        <Banner tone="warning">
          <span>
            {weave("{what}, shown only this once: {secret}", {
              what: made.what,
              secret: <code class="secret">{made.secret}</code>,
            })}
          </span>
        </Banner>
      ) : null}
      <h2 class="part">{say("Secret keys")}</h2>
      {keys.length === 0 ? (
        <EmptyState title={say("No keys")}>
          <p>{say("The LMS sends events with a key. It is kept hashed: whoever loses it makes another.")}</p>
        </EmptyState>
      ) : (
        <Table
          caption={say("Secret keys")}
          rows={keys}
          keyOf={(one) => one.id}
          columns={[
            {
              head: say("Name"),
              names: true,
              cell: (one) => (
                <>
                  {one.name} <small class="soft">{one.id}</small>
                </>
              ),
            },
            { head: say("May"), cell: (one) => one.scopes.join(", ") },
            {
              head: say("Created"),
              cell: (one) => <Moment atMs={Date.parse(one.created_at)} nowMs={Date.now()} timezone={visit.timezone} />,
            },
            ...(visit.mayOwn
              ? [
                  {
                    head: say("Actions"),
                    end: true,
                    cell: (one: ApiKey) => (
                      <AskedButton
                        small
                        ask={say("Delete…")}
                        of={one.name}
                        follows={say("Whoever uses this key is refused within seconds. It cannot be brought back.")}
                        action={visit.path(`/settings/keys/${encodeURIComponent(one.id)}/delete`)}
                      >
                        {say("Delete the key")}
                      </AskedButton>
                    ),
                  },
                ]
              : []),
          ]}
        />
      )}
      {page.next_cursor !== null || c.req.query("cursor") ? (
        <Pager page={page} at={visit.path("/settings/keys")} c={c} />
      ) : null}
      {most === null ? null : (
        <p class="soft after">
          {say(
            "All of them, hooks and learners’ browsers together may send {n} requests a minute, each event of a batch counted. Whoever runs Schoolbell can change it.",
            { n: most },
          )}
        </p>
      )}
      {visit.mayOwn ? (
        <>
          <h2 class="part">{say("New key")}</h2>
          <RefusalNotice problem={refused} />
          <Form action={visit.path("/settings/keys")} class="form">
            <TextField
              name="name"
              label={say("Name")}
              required
              hint={say("Where it is used: LMS, nightly import.")}
              fault={faultAt(refused, "/name")}
            />
            <fieldset class="checks">
              <legend>{say("What it may do")}</legend>
              {SCOPES.map(([scope, label]) => (
                <CheckField name={scope} label={say(label)} checked={scope === "events"} />
              ))}
            </fieldset>
            <button type="submit" class="button is-main">
              {say("Create key")}
            </button>
          </Form>
          <h2 class="part">{say("Signing secret")}</h2>
          <p class="soft">
            {say(
              "The LMS's backend signs user tokens with it, for events straight from a learner's browser. A new one leaves the old one good for 24 hours.",
            )}
          </p>
          <p class="after">
            <ActionButton action={visit.path("/settings/signing-secret")}>
              {say("Make a new signing secret")}
            </ActionButton>
          </p>
          <h2 class="part">{say("Webhook secret")}</h2>
          <p class="soft">
            {say(
              "What we call signs itself with it, after Standard Webhooks: whoever is called checks the signature with the same secret. A new one leaves the old one signing beside it for 24 hours.",
            )}
          </p>
          <details class="after">
            <summary>{say("Show the webhook secret")}</summary>
            <code class="secret">{webhooks?.secret}</code>
          </details>
          <p class="after">
            <ActionButton action={visit.path("/settings/webhook-secret")}>
              {say("Make a new webhook secret")}
            </ActionButton>
          </p>
        </>
      ) : (
        <OwnersOnly />
      )}
    </SettingsPage>
  );
}

export const settingsKeysPages = new Pages();

settingsKeysPages.get("/settings/keys", "viewer", async (c) => c.html(await keysPage(c)));

settingsKeysPages.post("/settings/keys", "owner", async (c) => {
  const fields = await formFieldsOf(c);
  const scopes = SCOPES.flatMap(([scope]) => (fields.has(scope) ? [scope] : []));
  const { value, refused } = await attempt(() =>
    c.var.visit.api.call("POST /v1/api-keys", { body: { name: fields.text("name"), scopes } }),
  );
  // No redirect: the key is in this answer and nowhere else.
  if (refused) return c.html(await keysPage(c, null, refused), refused.status);
  return c.html(await keysPage(c, { what: say("The key “{name}”", { name: value.name }), secret: value.key }), 201);
});

settingsKeysPages.post("/settings/keys/:id/delete", "owner", async (c) => {
  await c.var.visit.api.call("DELETE /v1/api-keys/:id", { params: c.req.param() });
  return seeOther(c, c.var.visit.path("/settings/keys"), { done: "removed" });
});

settingsKeysPages.post("/settings/signing-secret", "owner", async (c) => {
  const { secret } = await c.var.visit.api.call("POST /v1/signing-secret");
  return c.html(await keysPage(c, { what: say("The signing secret"), secret }), 201);
});

settingsKeysPages.post("/settings/webhook-secret", "owner", async (c) => {
  await c.var.visit.api.call("POST /v1/webhook-secret");
  return seeOther(c, c.var.visit.path("/settings/keys"), { done: "saved" });
});
