import type { Problem } from "../../../base/errors/errors";
import type { OptionSchema } from "../../../definition/catalogue";
import type { AnswerTo } from "../../../http/answering/answers";
import { inWords, later, say } from "../../../language/say";
import { Badge, EmptyState } from "../../components/bits";
import { AskedButton, Form, SelectField, TextField } from "../../components/forms/form";
import { readFields, SchemaFields } from "../../components/forms/schema-form";
import { Table } from "../../components/table";
import { Pages } from "../../page";
import { attempt, type Ctx, faultAt, formFieldsOf, type Html, seeOther } from "../../visit";
import { jurisdictionName } from "../../words/values/jurisdiction";
import { RefusalNotice } from "../problem";
import { OwnersOnly, SettingsPage } from "./frame";

/** What a school says of itself, for the form: templates name these as `school.<name>`. */
const TEXTS: readonly (readonly [name: string, schema: OptionSchema])[] = [
  [
    "timezone",
    {
      type: "string",
      title: later("Time zone"),
      description: later("Such as Europe/Athens. Days, date waits and this UI go by it."),
    },
  ],
  ["locale", { type: "string", title: later("Language"), description: later("Such as el or en-GB.") }],
  ["url", { type: "string", title: later("Address of the school") }],
  ["company_name", { type: "string", title: later("Company") }],
  ["support_email", { type: "string", title: later("Support email") }],
  ["contact_email", { type: "string", title: later("Contact email") }],
  ["sales_email", { type: "string", title: later("Sales email") }],
  ["account_link", { type: "string", title: later("Link to the learner's account") }],
  ["inbox_link", { type: "string", title: later("Link to the inbox") }],
  ["logo_url", { type: "string", title: later("Address of the logo") }],
  ["currency", { type: "string", title: later("Currency"), description: later("Such as EUR.") }],
  ["address", { type: "string", title: later("Postal address"), template: "text" }],
  ["mail_signature", { type: "string", title: later("Mail signature"), template: "text" }],
  ["description", { type: "string", title: later("Description"), template: "text" }],
  [
    "allowed_origins",
    {
      type: "array",
      items: { type: "string" },
      title: later("Allowed origins"),
      description: later(
        "Sites whose pages may send events with a user token, such as https://school.com. One a line.",
      ),
    },
  ],
  [
    "browser_events",
    {
      type: "array",
      items: { type: "string" },
      title: later("Custom events from browsers"),
      description: later("Names that a user token may send. One a line."),
    },
  ],
  ["log_retention_days", { type: "integer", title: later("Days the log is kept") }],
  [
    "evidence_retention_years",
    {
      type: "integer",
      title: later("Years that evidence is kept"),
      description: later("Ids and times that evidence packs need, beyond the log. Empty: as long as the log."),
    },
  ],
  [
    "on_user_deleted",
    {
      type: "string",
      enum: ["end", "erase"],
      default: "end",
      title: later("When the LMS deletes a learner"),
      choices: {
        end: later("What goes on for them ends"),
        erase: later("All that is held of them is erased"),
      },
    },
  ],
];
const LISTS = new Set(["allowed_origins", "browser_events"]);
const SCHEMA: OptionSchema = { type: "object", properties: Object.fromEntries(TEXTS), required: ["timezone"] };

export const settingsSchoolPages = new Pages();

async function schoolPage(
  c: Ctx,
  refused: Problem | null = null,
  sent: Readonly<Record<string, unknown>> | null = null,
): Promise<Html> {
  const visit = c.var.visit;
  const school = await visit.api.call("GET /v1/school");
  const values = sent ?? { ...school.settings, name: school.name };
  const faultOf = (name: string) => faultAt(refused, `/settings/${name}`);
  return (
    <SettingsPage c={c} title={say("School")} here="/settings">
      <RefusalNotice problem={refused} />
      <Form action={visit.path("/settings")} class="form" isLocked={!visit.mayOwn}>
        <TextField
          name="name"
          label={say("Name")}
          required
          value={String(values.name ?? "")}
          fault={faultAt(refused, "/name")}
        />
        <SchemaFields schema={SCHEMA} values={values} faultOf={faultOf} />
        {visit.mayOwn ? (
          <button type="submit" class="button is-main">
            {say("Save")}
          </button>
        ) : (
          <OwnersOnly />
        )}
      </Form>
      <h2 class="part">{say("For the LMS")}</h2>
      <dl class="facts">
        <dt>{say("School's id")}</dt>
        <dd>{school.id}</dd>
        <dt>{say("Mode")}</dt>
        <dd>{school.mode === "test" ? say("test: nothing leaves it") : say("live@mode")}</dd>
        {school.jurisdiction === null ? null : (
          <>
            <dt>{say("Learners' data is kept")}</dt>
            <dd>
              {say("{where}, but for their list (ids, names, addresses), which is in the main database", {
                where: jurisdictionName(school.jurisdiction),
              })}
            </dd>
          </>
        )}
        {school.hook_key === null ? null : (
          <>
            <dt>{say("Webhooks inward")}</dt>
            <dd>
              <code>/hooks/learnworlds/{school.hook_key}</code>, <code>/hooks/moodle/{school.hook_key}</code>,{" "}
              <code>/hooks/mail/postmark/{school.hook_key}</code>, <code>/hooks/mail/resend/{school.hook_key}</code>,{" "}
              <code>/hooks/mail/ses/{school.hook_key}</code>
            </dd>
          </>
        )}
      </dl>
    </SettingsPage>
  );
}

settingsSchoolPages.get("/settings", "viewer", async (c) => c.html(await schoolPage(c)));

settingsSchoolPages.post("/settings", "owner", async (c) => {
  const fields = await formFieldsOf(c);
  const given = readFields(SCHEMA, fields);
  // What is left empty goes back to its default.
  const settings = Object.fromEntries(TEXTS.map(([name]) => [name, given[name] ?? (LISTS.has(name) ? [] : null)]));
  const name = fields.text("name");
  const { refused } = await attempt(() => c.var.visit.api.call("PATCH /v1/school", { body: { name, settings } }));
  return refused
    ? c.html(await schoolPage(c, refused, { ...given, name }), refused.status)
    : seeOther(c, c.var.visit.path("/settings"), { done: "saved" });
});

// ---- Collaborators ----

type Collaborator = AnswerTo<"GET /v1/school">["settings"]["collaborators"][number];

const ROLES = [
  ["owner", later("owner: everything")],
  ["editor", later("editor: all but settings, keys and collaborators")],
  ["viewer", later("viewer: looks, changes nothing")],
] as const;

async function collaboratorsPage(
  c: Ctx,
  refused: Problem | null = null,
  sent = { email: "", role: "editor" },
): Promise<Html> {
  const visit = c.var.visit;
  const { settings } = await visit.api.call("GET /v1/school");
  const signsIn = ({ role }: Collaborator) => ROLES.some(([name]) => name === role);
  return (
    <SettingsPage c={c} title={say("Collaborators")} here="/settings/collaborators">
      <p class="soft after">
        {say(
          "Owners, editors and viewers sign in here by email. Other roles sign in nowhere: automations mail them, by role.",
        )}
      </p>
      {settings.collaborators.length === 0 ? (
        <EmptyState title={say("Nobody yet")}>
          <p>{say("Add yourself first, as owner.")}</p>
        </EmptyState>
      ) : (
        <Table
          caption={say("Collaborators")}
          rows={settings.collaborators}
          keyOf={(one) => `${one.email}-${one.role}`}
          columns={[
            { head: say("Email"), names: true, cell: (one) => one.email },
            { head: say("Role"), cell: (one) => (signsIn(one) ? inWords(one.role) : one.role) },
            {
              head: say("Signs in"),
              cell: (one) => (signsIn(one) ? <Badge tone="good">{say("yes")}</Badge> : <Badge>{say("no")}</Badge>),
            },
            ...(visit.mayOwn
              ? [
                  {
                    head: say("Actions"),
                    end: true,
                    cell: (one: Collaborator) => (
                      <AskedButton
                        small
                        ask={say("Remove…")}
                        of={one.email}
                        follows={
                          signsIn(one)
                            ? say("They are signed out at once, and can no longer sign in here.")
                            : say("Automations that mail this role no longer reach them.")
                        }
                        action={visit.path("/settings/collaborators/remove")}
                        fields={{ email: one.email, role: one.role }}
                      >
                        {say("Remove them")}
                      </AskedButton>
                    ),
                  },
                ]
              : []),
          ]}
        />
      )}
      {visit.mayOwn ? (
        <>
          <h2 class="part">{say("Add somebody")}</h2>
          <RefusalNotice problem={refused} />
          <Form action={visit.path("/settings/collaborators")} class="form">
            <TextField name="email" type="email" label={say("Email")} required value={sent.email} />
            <SelectField
              name="role"
              label={say("Role")}
              value={sent.role}
              options={[
                ...ROLES.map(([role, label]) => [role, say(label)] as const),
                ["other", say("another role, for mail only")],
              ]}
            />
            <TextField
              name="other"
              label={say("The other role")}
              optional
              hint={say("Such as sales: an automation can then mail everybody with that role.")}
            />
            <button type="submit" class="button is-main">
              {say("Add")}
            </button>
          </Form>
        </>
      ) : (
        <OwnersOnly />
      )}
    </SettingsPage>
  );
}

settingsSchoolPages.get("/settings/collaborators", "viewer", async (c) => c.html(await collaboratorsPage(c)));

settingsSchoolPages.post("/settings/collaborators", "owner", async (c) => {
  const fields = await formFieldsOf(c);
  const { settings } = await c.var.visit.api.call("GET /v1/school");
  const role = fields.text("role") === "other" ? fields.text("other") : fields.text("role");
  const sent = { email: fields.text("email"), role };
  const collaborators = [...settings.collaborators, sent];
  const { refused } = await attempt(() =>
    c.var.visit.api.call("PATCH /v1/school", { body: { settings: { collaborators } } }),
  );
  return refused
    ? c.html(await collaboratorsPage(c, refused, sent), refused.status)
    : seeOther(c, c.var.visit.path("/settings/collaborators"), { done: "added" });
});

settingsSchoolPages.post("/settings/collaborators/remove", "owner", async (c) => {
  const fields = await formFieldsOf(c);
  const { settings } = await c.var.visit.api.call("GET /v1/school");
  const collaborators = settings.collaborators.filter(
    (one) => one.email !== fields.text("email") || one.role !== fields.text("role"),
  );
  const { refused } = await attempt(() =>
    c.var.visit.api.call("PATCH /v1/school", { body: { settings: { collaborators } } }),
  );
  return refused
    ? c.html(await collaboratorsPage(c, refused), refused.status)
    : seeOther(c, c.var.visit.path("/settings/collaborators"), { done: "removed" });
});
