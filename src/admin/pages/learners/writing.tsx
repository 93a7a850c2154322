import type { FC } from "hono/jsx";
import type { Problem } from "../../../base/errors/errors";
import { pieceVariable } from "../../../catalogue/messages/pieces";
import { isOfEvent } from "../../../catalogue/messages/scope";
import { setUpIn } from "../../../connectors";
import { type ListedVariable, namesIn } from "../../../definition/variables";
import type { AnswerTo } from "../../../http/answering/answers";
import { say, weave } from "../../../language/say";
import { Banner } from "../../components/bits";
import { Form, FormField, SelectField, TextField } from "../../components/forms/form";
import { IslandData, Layout, PageHead } from "../../components/frame/layout";
import { WITH_PICTURES } from "../../door/guard";
import type { WriteData, Written } from "../../editor/write/data";
import { Pages } from "../../page";
import { attempt, type Ctx, faultAt, formFieldsOf, seeOther, type Visit } from "../../visit";
import { faultText } from "../../words/sentences/faults";
import { variablesOf } from "../automations/editor";
import { RefusalNotice } from "../problem";
import { deliveryPath } from "../sending/delivery-table";
import { reasonInWords } from "../sending/reasons";
import { called, learnerOf, learnerPath, onlyLooking } from "./learner-frame";

/* A mail that somebody of the school writes to one learner. */

type Learner = AnswerTo<"GET /v1/users/:id">;
type Suppression = AnswerTo<"GET /v1/suppressions/:id">;

const NEW: Written = { subject: "", body: "", kind: "transactional", topic: "" };

/** The places whose fields tell what is wrong with them. */
const TELLING: ReadonlySet<string> = new Set(["/subject", "/body"]);

/** What will keep the mail here, as far as that is known before it is written. */
const Beforehand: FC<{ visit: Visit; suppression: Suppression | null }> = ({ visit, suppression }) => {
  if (suppression)
    return (
      <Banner tone="warning">
        <span>
          {say("Nothing would be sent: {reason}.", { reason: reasonInWords(suppression.reason) ?? "" })}{" "}
          <a href={visit.path(`/suppressions?address=${encodeURIComponent(suppression.address)}`)}>
            {say("Suppressed addresses")}
          </a>
        </span>
      </Banner>
    );
  if (visit.school.mode === "test")
    return <p class="soft">{say("This is a test school: the mail is kept, to be looked at, and not sent.")}</p>;
  if (setUpIn(visit.school)("email")) return null;
  return (
    <Banner tone="warning">
      <span>
        {say("Mail is not set up: what you write is kept under Deliveries, and not sent.")}{" "}
        <a href={visit.path("/settings/connectors/email")}>{say("Set up mail")}</a>
      </span>
    </Banner>
  );
};

/** What a mail that no event starts may say. */
async function sayableIn(visit: Visit): Promise<ListedVariable[]> {
  const ofEvent = (visit.school.settings.mail_pieces ?? [])
    .filter(({ body }) => namesIn(body).some(isOfEvent))
    .map(({ id }) => pieceVariable(id));
  return (await variablesOf(visit)).filter(({ type }) => !isOfEvent(type) && !ofEvent.includes(type));
}

/** The fields where no script runs. */
const PlainFields: FC<{ data: WriteData; refused: Problem | null }> = ({ data, refused }) => (
  <>
    <TextField
      name="subject"
      label={say("Subject")}
      value={data.mail.subject}
      fault={faultAt(refused, "/subject")}
      required
    />
    <FormField
      id="f-body"
      label={say("Body")}
      hint={say("Plain text or HTML, with variables as in mails.")}
      fault={faultAt(refused, "/body")}
    >
      <textarea id="f-body" name="body" rows={10} required aria-describedby="f-body-says">
        {data.mail.body}
      </textarea>
    </FormField>
    {data.allowsMarketing ? (
      <SelectField
        name="kind"
        label={say("Kind")}
        value={data.mail.kind}
        options={[
          ["transactional", say("transactional")],
          ["marketing", say("marketing")],
        ]}
      />
    ) : null}
    {data.topics.length ? (
      <SelectField
        name="topic"
        label={say("Kind of mail")}
        value={data.mail.topic}
        options={[["", say("none")], ...data.topics.map(({ value, label }) => [value, label] as const)]}
      />
    ) : null}
  </>
);

async function page(c: Ctx, mail = NEW, id: string = crypto.randomUUID(), refused: Problem | null = null) {
  const { visit } = c.var;
  const learner = await learnerOf(c);
  const title = say("Write to {name}", { name: called(learner) });
  if (learner.email === null)
    return c.html(
      <Layout title={title} viewer={visit.viewer} section="learners">
        <PageHead title={title} />
        <Banner tone="warning">
          <span>
            {say("{name} has no email address.", { name: called(learner) })}{" "}
            <a href={`${learnerPath(visit, learner.id)}/change`}>{say("Add an address")}</a>
          </span>
        </Banner>
      </Layout>,
    );
  const [variables, suppression] = await Promise.all([
    sayableIn(visit),
    visit.api.find("GET /v1/suppressions/:id", { params: { id: learner.email } }),
  ]);
  const data = dataOf(visit, learner, { mail, variables, refused });
  return c.html(
    <Layout title={title} viewer={visit.viewer} section="learners" islands={["write"]}>
      <PageHead title={title} />
      <p class="soft">
        {weave(
          "To {address}. It is sent at once, unless quiet hours, a limit or a pause hold it back, and starts no automation.",
          {
            address: <strong>{learner.email}</strong>,
          },
        )}
      </p>
      <RefusalNotice problem={refused} shown={(path) => TELLING.has(path)} />
      <Beforehand visit={visit} suppression={suppression} />
      <Form action={`${learnerPath(visit, learner.id)}/write`} class="form is-wide">
        <input type="hidden" name="id" value={id} />
        <div id="write" class="stack">
          <PlainFields data={data} refused={refused} />
        </div>
        <span class="inline">
          <button type="submit" class="button is-main">
            {say("Send to {name}", { name: called(learner) })}
          </button>
          <a class="button is-quiet" href={`${learnerPath(visit, learner.id)}/act`}>
            {say("Cancel")}
          </a>
        </span>
      </Form>
      <IslandData id="write-data" data={data} />
    </Layout>,
    refused ? 422 : 200,
    WITH_PICTURES,
  );
}

function dataOf(
  visit: Visit,
  learner: Learner,
  { mail, variables, refused }: Pick<WriteData, "mail" | "variables"> & { refused: Problem | null },
): WriteData {
  return {
    ...{ mail, variables },
    learner: { value: learner.id, label: called(learner) },
    allowsMarketing: learner.marketing_consent,
    topics: (visit.school.settings.mail?.topics ?? []).map(({ id, name }) => ({ value: id, label: name })),
    faults: (refused?.faults ?? []).map(({ path, message }) => ({ path, message: faultText(message) })),
    me: visit.viewer.email.includes("@") ? visit.viewer.email : null,
  };
}

export const writingPages = new Pages();

writingPages.get("/learners/:id/write", "viewer", (c) => (c.var.visit.mayEdit ? page(c) : onlyLooking(c)));

writingPages.post("/learners/:id/write", "editor", async (c) => {
  const { visit } = c.var;
  const fields = await formFieldsOf(c);
  const mail: Written = {
    subject: fields.text("subject"),
    body: fields.raw("body"),
    kind: fields.text("kind") === "marketing" ? "marketing" : "transactional",
    topic: fields.text("topic"),
  };
  const { topic, ...rest } = mail;
  const id = fields.text("id");
  const { value, refused } = await attempt(() =>
    visit.api.call("POST /v1/users/:id/mails", {
      params: { id: c.req.param("id") },
      body: { id, ...rest, ...(topic === "" ? {} : { topic }) },
    }),
  );
  return refused ? page(c, mail, id, refused) : seeOther(c, deliveryPath(visit, value.id), { done: "written" });
});
