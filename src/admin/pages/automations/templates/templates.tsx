import type { FC } from "hono/jsx";
import { getTemplate, TEMPLATE_THEMES } from "../../../../automations/templates";
import { textsOf } from "../../../../automations/templates/define";
import type { Problem } from "../../../../base/errors/errors";
import type { OptionSchema } from "../../../../definition/catalogue";
import { plainBody } from "../../../../definition/paragraphs";
import type { AnswerTo } from "../../../../http/answering/answers";
import { inWords, say } from "../../../../language/say";
import { Banner } from "../../../components/bits";
import { Form, TextField } from "../../../components/forms/form";
import { type Known, readFields, SchemaFields } from "../../../components/forms/schema-form";
import { Layout, PageHead } from "../../../components/frame/layout";
import { Pages } from "../../../page";
import { attempt, type Ctx, faultAt, formFieldsOf, seeOther, type Visit } from "../../../visit";
import { knownOf, meantId, shownOf } from "../../../words/meant";
import { catalogue } from "../../../words/names";
import { wordsOf } from "../../../words/sentences/sentence";
import { RefusalNotice } from "../../problem";
import { TemplateDrawing } from "./drawing";

type Template = Omit<AnswerTo<"GET /v1/templates/:id">, "params"> & { params: OptionSchema };

interface UseProps {
  c: Ctx;
  template: Template;
  name?: string;
  values?: Record<string, unknown>;
  refused?: Problem | null;
  known: Known;
}

/** What is known of the kinds of id that a template asks for. */
async function knownFor(c: Ctx, { params }: Template): Promise<Known> {
  const pickers = Object.values(params.properties ?? {}).flatMap((one) => one.picker ?? one.items?.picker ?? []);
  const found = new Map<string, readonly string[]>();
  for (const picker of new Set(pickers)) {
    const words = await knownOf(c, picker);
    found.set(
      picker,
      words.map(({ value }) => shownOf(words, value)),
    );
  }
  return (picker) => found.get(picker) ?? [];
}

/** What was chosen by its name, as the ids that are meant. */
async function meantIn(
  c: Ctx,
  { params }: Template,
  values: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const meant = Object.entries(values).map(async ([name, value]) => {
    const schema = params.properties?.[name];
    const picker = schema?.picker ?? schema?.items?.picker;
    if (picker === undefined) return [name, value];
    const idOf = (one: unknown) => (typeof one === "string" ? meantId(c, picker, one) : one);
    return [name, Array.isArray(value) ? await Promise.all(value.map(idOf)) : await idOf(value)];
  });
  return Object.fromEntries(await Promise.all(meant));
}

/** What is chosen in a field, as it is called. */
const nounIn = (params: OptionSchema, name: string): string => {
  const schema = params.properties?.[name];
  const picker = schema?.picker ?? schema?.items?.picker;
  return picker === undefined ? "" : wordsOf(catalogue()).nounOf(picker);
};

/** The form of a template, beside a drawing of what it makes. */
const UseForm: FC<UseProps> = ({ c, template, name, values = {}, refused, known }) => {
  const { visit } = c.var;
  return visit.mayEdit ? (
    <Form action={visit.path(`/templates/${encodeURIComponent(template.id)}`)} class="form">
      <TextField
        name="name"
        label={say("Name of the automation")}
        value={name ?? inWords(template.name)}
        required
        fault={faultAt(refused, "/name")}
      />
      <SchemaFields
        schema={template.params}
        values={values}
        known={known}
        faultOf={(one) => faultAt(refused, `/params/${one}`, nounIn(template.params, one))}
      />
      <button type="submit" class="button is-main">
        {say("Create automation")}
      </button>
      <p class="hint">{say("It begins switched off: look at it, change it, then switch it on.")}</p>
    </Form>
  ) : (
    <Banner>{say("Only editors and owners may create automations.")}</Banner>
  );
};

const UsePage: FC<UseProps> = (props) => {
  const { c, template, refused } = props;
  const { visit } = c.var;
  return (
    <Layout title={inWords(template.name)} viewer={visit.viewer} section="automations">
      <PageHead title={inWords(template.name)}>
        <a class="button" href={visit.path("/templates")}>
          {say("All templates")}
        </a>
      </PageHead>
      <p class="lead">{inWords(template.description)}</p>
      <RefusalNotice problem={refused} shown={(path) => path === "/name" || path.startsWith("/params/")} />
      <div class="beside">
        <UseForm {...props} />
        <TemplateDrawing c={c} id={template.id} params={template.params} />
      </div>
    </Layout>
  );
};

export const templatesPages = new Pages();

templatesPages.get("/templates", "viewer", (c) => {
  const visit = c.var.visit;
  return c.html(
    <Layout title={say("Templates")} viewer={visit.viewer} section="automations">
      <PageHead title={say("Templates")}>
        {visit.mayEdit ? (
          <a class="button" href={visit.path("/automations/new")}>
            {say("Start from scratch")}
          </a>
        ) : null}
      </PageHead>
      <p class="soft after">
        {say("Ready-made automations. Fill in the blanks; everything can be changed afterwards.")}
      </p>
      {TEMPLATE_THEMES.map((theme) => (
        <>
          <h2 class="part">{inWords(theme.name)}</h2>
          <ul class="gallery">
            {theme.templates.map((template) => (
              <li>
                <h3>
                  <a href={visit.path(`/templates/${encodeURIComponent(template.id)}`)}>{inWords(template.name)}</a>
                </h3>
                <p class="soft">{inWords(template.description)}</p>
              </li>
            ))}
          </ul>
        </>
      ))}
    </Layout>,
  );
});

async function templateOf(visit: Visit, id: string): Promise<Template> {
  const { params, ...rest } = await visit.api.call("GET /v1/templates/:id", { params: { id } });
  // The library's JSON Schema of what a template asks for; the UI's own type names the part that is used.
  const schema = params as OptionSchema;
  const texts = getTemplate(id);
  const said: Readonly<Record<string, string>> = texts ? textsOf(texts) : {};
  const properties = Object.entries(schema.properties ?? {}).map(([name, one]) => {
    const text = said[name];
    return [name, text === undefined ? one : { ...one, default: plainBody(text) }] as const;
  });
  return { ...rest, params: { ...schema, properties: Object.fromEntries(properties) } };
}

templatesPages.get("/templates/:id", "viewer", async (c) => {
  const template = await templateOf(c.var.visit, c.req.param("id"));
  return c.html(<UsePage c={c} template={template} known={await knownFor(c, template)} />);
});

templatesPages.post("/templates/:id", "editor", async (c) => {
  const visit = c.var.visit;
  const template = await templateOf(visit, c.req.param("id"));
  const fields = await formFieldsOf(c);
  const name = fields.text("name");
  const values = readFields(template.params, fields);
  const { value, refused } = await attempt(async () =>
    visit.api.call("POST /v1/templates/:id/use", {
      params: { id: template.id },
      body: { ...(name === "" ? {} : { name }), params: await meantIn(c, template, values) },
    }),
  );
  if (refused) {
    const known = await knownFor(c, template);
    return c.html(<UsePage {...{ c, template, name, values, refused, known }} />, refused.status);
  }
  return seeOther(c, c.var.visit.path(`/automations/${encodeURIComponent(value.id)}`), { done: "made" });
});
