import type { FC } from "hono/jsx";
import type { Problem } from "../../../base/errors/errors";
import { actions } from "../../../catalogue";
import { USER_SIGNED_UP } from "../../../catalogue/account/facts";
import { channels } from "../../../catalogue/channels";
import { setUpIn } from "../../../connectors";
import type { ListedVariable } from "../../../definition/variables";
import type { AnswerTo } from "../../../http/answering/answers";
import { inWords, say } from "../../../language/say";
import { Banner } from "../../components/bits";
import { Form } from "../../components/forms/form";
import { IslandData, Layout } from "../../components/frame/layout";
import { WITH_PICTURES } from "../../door/guard";
import { Pages } from "../../page";
import { attempt, type Ctx, formFieldsOf, seeOther, type Visit } from "../../visit";
import { catalogue, namesFor } from "../../words/names";
import type { Names } from "../../words/sentences/sentence";
import { RefusalNotice } from "../problem";
import { automationPath } from "./automation-frame";

type Automation = AnswerTo<"GET /v1/automations/:id">;

const blank = () => ({
  name: say("New automation"),
  active: false,
  when: [{ type: USER_SIGNED_UP }],
  only_if: null,
  then: [],
});

/** The writable part, as it stands in a text field. */
function written(automation: Automation): string {
  const {
    id: _,
    version: _v,
    created_at: _c,
    updated_at: _u,
    run_count: _r,
    waiting_count: _w,
    warnings: _n,
    stopped_by: _s,
    dismissed: _d,
    ...rest
  } = automation;
  return JSON.stringify(rest, null, 2);
}

interface EditorProps {
  visit: Visit;
  automation: Automation | null;
  etag: string | null;
  /** As it was sent, when it was refused. */
  text?: string;
  refused?: Problem | null;
  /** Of the products in it. */
  names?: Names;
  /** What texts may name. */
  variables?: readonly ListedVariable[];
}

/** The editor; where no script runs, the definition as text, with the same checks. */
const EditorPage: FC<EditorProps> = ({ visit, automation, etag, text, refused, names, variables = [] }) => (
  <Layout
    title={automation ? say("Edit {name}", { name: automation.name }) : say("New automation")}
    viewer={visit.viewer}
    section="automations"
    full
    islands={refused ? [] : ["editor"]}
  >
    <div id="editor" class="editor-fallback">
      <div class="page">
        <h1 class="part">{automation ? automation.name : say("New automation")}</h1>
        <noscript>
          <Banner>{say("The drawing needs JavaScript. Without it, the definition is edited as text.")}</Banner>
        </noscript>
        <RefusalNotice problem={refused} />
        <Form
          action={automation ? `${automationPath(visit, automation.id)}/edit` : visit.path("/automations/new")}
          class="form is-wide"
        >
          {etag ? <input type="hidden" name="etag" value={etag} /> : null}
          <label class="field">
            <span>{say("Definition (JSON)")}</span>
            <textarea name="definition" rows={28} class="is-code" spellcheck={false} readonly={!visit.mayEdit}>
              {text ?? (automation ? written(automation) : JSON.stringify(blank(), null, 2))}
            </textarea>
          </label>
          {visit.mayEdit ? (
            <button type="submit" class="button is-main">
              {say("Save")}
            </button>
          ) : null}
        </Form>
      </div>
    </div>
    {refused ? null : (
      <IslandData
        id="editor-data"
        data={{
          automation,
          etag,
          catalogue: catalogue(),
          variables,
          role: visit.role,
          me: visit.viewer.email.includes("@") ? visit.viewer.email : null,
          timezone: visit.timezone,
          unsent: unsentOf(visit),
          list: visit.path("/automations"),
          names,
        }}
      />
    )}
  </Layout>
);

/** By types of action, why what they send would not leave this school, where it is live. */
function unsentOf({ school }: Visit): Record<string, string> {
  if (school.mode === "test") return {};
  const isSetUp = setUpIn(school);
  const closed = new Map(channels.flatMap(({ name, label }) => (isSetUp(name) ? [] : [[name, label] as const])));
  return Object.fromEntries(
    [...actions.values()].flatMap(({ type, sends }) => {
      const label = sends && closed.get(sends);
      return label === undefined
        ? []
        : [
            [
              type,
              say("{channel} is not set up: what it sends is kept under Deliveries, and not sent.", {
                channel: inWords(label),
              }),
            ],
          ];
    }),
  );
}

/** An automation with the tag that a later write must name. */
async function withEtag(c: Ctx, id: string): Promise<{ automation: Automation; etag: string | null }> {
  const { body, headers } = await c.var.visit.api.answer("GET /v1/automations/:id", { params: { id } });
  return { automation: body, etag: headers.get("etag") };
}

export const editorPages = new Pages();

/** What the school wrote itself goes by the name it has there. */
const isOwn = ({ type }: ListedVariable): boolean => /^(?:user\.fields|pieces)\.(?!<)/.test(type);

/** What texts may say, called as the reader does. */
export const variablesOf = async ({ api }: Visit): Promise<ListedVariable[]> => {
  const all = await api.all("GET /v1/variables");
  return all.map((one) => (isOwn(one) ? one : { ...one, label: inWords(one.label) }));
};

editorPages.get("/automations/new", "viewer", async (c) => {
  const { visit } = c.var;
  const variables = await variablesOf(visit);
  const page = <EditorPage visit={visit} automation={null} etag={null} variables={variables} />;
  return c.html(page, 200, WITH_PICTURES);
});

editorPages.post("/automations/new", "editor", async (c) => {
  const visit = c.var.visit;
  const text = (await formFieldsOf(c)).raw("definition");
  const { value, refused } = await attempt(() => visit.api.call("POST /v1/automations", { body: text }));
  if (refused)
    return c.html(
      <EditorPage visit={visit} automation={null} etag={null} text={text} refused={refused} />,
      refused.status,
    );
  return seeOther(c, automationPath(visit, value.id), { done: "saved" });
});

editorPages.get("/automations/:id/edit", "viewer", async (c) => {
  const { visit } = c.var;
  const { automation, etag } = await withEtag(c, c.req.param("id"));
  const names = await namesFor(c.env, visit.school.id, automation);
  const variables = await variablesOf(visit);
  return c.html(
    <EditorPage visit={visit} automation={automation} etag={etag} names={names} variables={variables} />,
    200,
    WITH_PICTURES,
  );
});

editorPages.post("/automations/:id/edit", "editor", async (c) => {
  const visit = c.var.visit;
  const id = c.req.param("id");
  const fields = await formFieldsOf(c);
  const text = fields.raw("definition");
  const etag = fields.text("etag");
  const { refused } = await attempt(() =>
    visit.api.call("PUT /v1/automations/:id", {
      params: { id },
      body: text,
      headers: etag === "" ? {} : { "if-match": etag },
    }),
  );
  if (!refused) return seeOther(c, automationPath(visit, id), { done: "saved" });
  const now = await withEtag(c, id);
  return c.html(
    <EditorPage visit={visit} automation={now.automation} etag={now.etag} text={text} refused={refused} />,
    refused.status,
  );
});
