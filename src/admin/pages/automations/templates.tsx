import type { FC } from "hono/jsx";
import { wordsLike } from "../../../automations/pickers";
import type { Problem } from "../../../base/errors";
import type { OptionSchema } from "../../../definition/catalogue";
import type { AnswerTo } from "../../../http/answers";
import { Banner } from "../../components/bits";
import { Form, TextField } from "../../components/form";
import { Layout, PageHead } from "../../components/layout";
import { type Known, readFields, SchemaFields } from "../../components/schema-form";
import { Pages } from "../../page";
import { attempt, type Ctx, faultAt, formFieldsOf, seeOther, type Visit } from "../../visit";
import { RefusalNotice } from "../problem";

type Template = Omit<AnswerTo<"GET /v1/templates/:id">, "params"> & { params: OptionSchema };

interface UseProps {
  visit: Visit;
  template: Template;
  name?: string;
  values?: Record<string, unknown>;
  refused?: Problem | null;
  known: Known;
}

/** What is known of the kinds of id that a template asks for. */
async function knownFor(c: Ctx, { params }: Template): Promise<Known> {
  const pickers = Object.values(params.properties ?? {}).flatMap((one) => one.picker ?? one.items?.picker ?? []);
  const found = new Map<string, string[]>();
  for (const picker of new Set(pickers)) {
    const words = await wordsLike(c.env, c.var.visit.school, picker, "");
    found.set(
      picker,
      words.map((one) => one.value),
    );
  }
  return (picker) => found.get(picker) ?? [];
}

const UsePage: FC<UseProps> = ({ visit, template, name, values = {}, refused, known }) => (
  <Layout title={template.name} viewer={visit.viewer} section="automations">
    <PageHead title={template.name}>
      <a class="button" href={visit.path("/templates")}>
        All templates
      </a>
    </PageHead>
    <p class="lead">{template.description}</p>
    <RefusalNotice problem={refused} />
    {visit.mayEdit ? (
      <Form action={visit.path(`/templates/${encodeURIComponent(template.id)}`)} class="form">
        <TextField
          name="name"
          label="Name of the automation"
          value={name ?? template.name}
          required
          fault={faultAt(refused, "/name")}
        />
        <SchemaFields
          schema={template.params}
          values={values}
          known={known}
          faultOf={(one) => faultAt(refused, `/params/${one}`)}
        />
        <button type="submit" class="button is-main">
          Make the automation
        </button>
        <p class="hint">It begins inactive: look at it, change it, then switch it on.</p>
      </Form>
    ) : (
      <Banner>Only editors and owners may make automations.</Banner>
    )}
  </Layout>
);

export const templatesPages = new Pages();

templatesPages.get("/templates", "viewer", async (c) => {
  const visit = c.var.visit;
  const templates = await visit.api.all("GET /v1/templates");
  return c.html(
    <Layout title="Templates" viewer={visit.viewer} section="automations">
      <PageHead title="Templates">
        {visit.mayEdit ? (
          <a class="button" href={visit.path("/automations/new")}>
            Begin with nothing
          </a>
        ) : null}
      </PageHead>
      <p class="soft after">Ready-made automations. Fill in the blanks; everything can be changed afterwards.</p>
      <ul class="gallery after">
        {templates.map((template) => (
          <li>
            <h2 class="gallery-name">
              <a href={visit.path(`/templates/${encodeURIComponent(template.id)}`)}>{template.name}</a>
            </h2>
            <p class="soft">{template.description}</p>
          </li>
        ))}
      </ul>
    </Layout>,
  );
});

async function templateOf(visit: Visit, id: string): Promise<Template> {
  const { params, ...rest } = await visit.api.call("GET /v1/templates/:id", { params: { id } });
  // The library's JSON Schema of what a template asks for; the UI's own type names the part that is used.
  return { ...rest, params: params as OptionSchema };
}

templatesPages.get("/templates/:id", "viewer", async (c) => {
  const template = await templateOf(c.var.visit, c.req.param("id"));
  return c.html(<UsePage visit={c.var.visit} template={template} known={await knownFor(c, template)} />);
});

templatesPages.post("/templates/:id", "editor", async (c) => {
  const visit = c.var.visit;
  const template = await templateOf(visit, c.req.param("id"));
  const fields = await formFieldsOf(c);
  const name = fields.text("name");
  const values = readFields(template.params, fields);
  const { value, refused } = await attempt(() =>
    visit.api.call("POST /v1/templates/:id/use", {
      params: { id: template.id },
      body: { ...(name === "" ? {} : { name }), params: values },
    }),
  );
  if (refused) {
    const known = await knownFor(c, template);
    return c.html(<UsePage {...{ visit, template, name, values, refused, known }} />, refused.status);
  }
  return seeOther(c, c.var.visit.path(`/automations/${encodeURIComponent(value.id)}`), { done: "made" });
});
