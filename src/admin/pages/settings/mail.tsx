import type { Problem } from "../../../base/errors/errors";
import type { MailSettings as Mail } from "../../../catalogue/messages/mail";
import { later, say, weave } from "../../../language/say";
import { CheckField, Form, FormField, TextField } from "../../components/forms/form";
import { Pages } from "../../page";
import { attempt, type Ctx, faultAt, formFieldsOf, type Html, seeOther } from "../../visit";
import { RefusalNotice } from "../problem";
import { OwnersOnly, SettingsPage } from "./frame";

/** What stands in the fields of the form, by their names. */
type Fields = Readonly<Record<string, string>>;

/** How often a cap counts anew, as people say it. */
const PERIODS = [
  ["PT1H", later("an hour")],
  ["P1D", later("a day")],
  ["P2D", later("two days")],
  ["P7D", later("a week")],
  ["P30D", later("30 days")],
] as const;

const NAMES = ["from", "from_name", "reply_to", "logo", "quiet_from", "quiet_to", "count", "per"] as const;

const fieldsOf = (mail: Mail | null): Fields => ({
  ...{ from: mail?.from ?? "", from_name: mail?.from_name ?? "", reply_to: mail?.reply_to ?? "" },
  ...{ logo: mail?.logo ?? "", footer: mail?.footer ?? "" },
  ...{ quiet_from: mail?.quiet_hours?.from ?? "", quiet_to: mail?.quiet_hours?.to ?? "" },
  ...{ count: String(mail?.at_most?.count ?? ""), per: mail?.at_most?.per ?? "P1D" },
  signature: String(mail?.signature ?? false),
  track: String(mail?.track ?? false),
  topics: (mail?.topics ?? []).map(({ id, name }) => `${id}: ${name}`).join("\n"),
});

/** The id that a name makes, in the line of that index. */
const idOf = (name: string, index: number): string =>
  name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 64) || `kind-${index + 1}`;

/** "tips: Tips and tricks", one a line; without an id the name makes one. */
function topicsOf(text: string): { id: string; name: string }[] {
  const lines = text.split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line !== "")
    .map((line, index) => {
      const [, id, name] = /^([a-z0-9_-]{1,64}):\s*(.+)$/.exec(line) ?? [];
      return id !== undefined && name !== undefined ? { id, name } : { id: idOf(line, index), name: line };
    });
}

/** What the form says, as the API takes it; null: nothing at all. */
function mailOf(fields: Fields): Mail | null {
  const given = (name: string): string => (fields[name] ?? "").trim();
  const { footer = "", topics = "" } = fields;
  const text = (name: "from" | "from_name" | "reply_to" | "logo") => (given(name) ? { [name]: given(name) } : {});
  const mail: Mail = {
    ...{ ...text("from"), ...text("from_name"), ...text("reply_to"), ...text("logo") },
    ...(given("signature") === "true" ? { signature: true } : {}),
    ...(footer.trim() ? { footer } : {}),
    ...(given("quiet_from") || given("quiet_to")
      ? { quiet_hours: { from: given("quiet_from"), to: given("quiet_to") } }
      : {}),
    ...(given("count") ? { at_most: { count: Number(given("count")), per: given("per") } } : {}),
    ...(given("track") === "true" ? { track: true } : {}),
    ...(topics.trim() ? { topics: topicsOf(topics) } : {}),
  };
  return Object.keys(mail).length ? mail : null;
}

export const settingsMailPages = new Pages();

async function mailPage(c: Ctx, refused: Problem | null = null, sent: Fields | null = null): Promise<Html> {
  const { visit } = c.var;
  const { settings } = await visit.api.call("GET /v1/school");
  const fields = sent ?? fieldsOf(settings.mail);
  const fault = (...places: string[]) =>
    places.map((place) => faultAt(refused, `/settings/mail/${place}`)).find((one) => one !== undefined);
  const value = (name: string): string => fields[name] ?? "";
  return (
    <SettingsPage c={c} title={say("Mail")} here="/settings/mail">
      <RefusalNotice problem={refused} />
      <p class="soft after">
        {weave(
          "How the school's mail looks, and when it is sent. The mail service is set up under {connectors}; addresses that get no mail are listed under {suppressed}.",
          {
            connectors: <a href={visit.path("/settings/connectors")}>{say("Connectors")}</a>,
            suppressed: <a href={visit.path("/suppressions")}>{say("Suppressed addresses")}</a>,
          },
        )}
      </p>
      <Form action={visit.path("/settings/mail")} class="form" isLocked={!visit.mayOwn}>
        <h2 class="part">{say("From")}</h2>
        <TextField
          name="from_name"
          label={say("Name")}
          optional
          value={value("from_name")}
          fault={fault("from_name")}
        />
        <TextField
          name="from"
          type="email"
          label={say("Address")}
          optional
          hint={say("Used instead of the connector's address. Your mail service must know its domain.")}
          value={value("from")}
          fault={fault("from")}
        />
        <TextField
          name="reply_to"
          type="email"
          label={say("Replies go to")}
          optional
          value={value("reply_to")}
          fault={fault("reply_to")}
        />
        <h2 class="part">{say("Frame")}</h2>
        <TextField
          name="logo"
          type="url"
          label={say("Address of the logo")}
          optional
          value={value("logo")}
          fault={fault("logo")}
        />
        <CheckField
          name="signature"
          label={say("The school's signature under every mail")}
          checked={value("signature") === "true"}
          hint={say("As it stands under “School”. A mail that holds it already has it once.")}
        />
        <FormField
          id="f-footer"
          label={say("Footer")}
          optional
          hint={say("Under every mail, before the links to unsubscribe and to the learner's page.")}
          fault={fault("footer")}
        >
          <textarea id="f-footer" name="footer" rows={4} aria-describedby="f-footer-says">
            {value("footer")}
          </textarea>
        </FormField>
        <h2 class="part">{say("When marketing goes")}</h2>
        <p class="hint">
          {say(
            "Transactional mail, which answers what a learner did, is sent at once and does not count. Marketing that has waited for seven days is not sent any more.",
          )}
        </p>
        <TextField
          name="quiet_from"
          type="time"
          label={say("Quiet from")}
          optional
          hint={say("In the learner's time zone.")}
          value={value("quiet_from")}
          fault={fault("quiet_hours/from", "quiet_hours")}
        />
        <TextField
          name="quiet_to"
          type="time"
          label={say("Quiet until")}
          optional
          value={value("quiet_to")}
          fault={fault("quiet_hours/to")}
        />
        <TextField
          name="count"
          type="number"
          label={say("At most so many mails to a learner")}
          optional
          value={value("count")}
          fault={fault("at_most/count")}
        />
        <FormField id="f-per" label={say("In")} fault={fault("at_most/per")}>
          <select id="f-per" name="per">
            {[
              ...PERIODS.map(([one, label]) => [one, say(label)] as const),
              ...(PERIODS.some(([one]) => one === value("per")) ? [] : [[value("per"), value("per")] as const]),
            ].map(([one, label]) => (
              <option value={one} selected={one === value("per")}>
                {label}
              </option>
            ))}
          </select>
        </FormField>
        <h2 class="part">{say("Kinds of mail")}</h2>
        <FormField
          id="f-topics"
          label={say("Kinds of mail that learners can turn off")}
          optional
          hint={say(
            "One on each line, such as “Tips and tricks”. Leave what is then put before the colon as it is, also when you rename a kind: learners’ choices go by it.",
          )}
          fault={
            fault("topics") ??
            Array.from({ length: 20 }, (_, n) => fault(`topics/${n}/id`, `topics/${n}/name`)).find(Boolean)
          }
        >
          <textarea id="f-topics" name="topics" rows={4} aria-describedby="f-topics-says">
            {value("topics")}
          </textarea>
        </FormField>
        <h2 class="part">{say("Opens and clicks")}</h2>
        <CheckField
          name="track"
          label={say("Note who opens mails and follows their links")}
          checked={value("track") === "true"}
          hint={say(
            "As Postmark, Resend or Amazon SES tell it, by the same address as bounces. Programs that fetch pictures by themselves count as opens.",
          )}
        />
        {visit.mayOwn ? (
          <button type="submit" class="button is-main">
            {say("Save")}
          </button>
        ) : (
          <OwnersOnly />
        )}
      </Form>
    </SettingsPage>
  );
}

settingsMailPages.get("/settings/mail", "viewer", async (c) => c.html(await mailPage(c)));

settingsMailPages.post("/settings/mail", "owner", async (c) => {
  const form = await formFieldsOf(c);
  const fields = Object.fromEntries(
    [...NAMES, "signature", "footer", "topics", "track"].map((name) => [name, form.text(name)]),
  );
  const saved = await attempt(() =>
    c.var.visit.api.call("PATCH /v1/school", { body: { settings: { mail: mailOf(fields) } } }),
  );
  if (saved.refused) return c.html(await mailPage(c, saved.refused, fields), 422);
  return seeOther(c, c.var.visit.path("/settings/mail"), { done: "saved" });
});
