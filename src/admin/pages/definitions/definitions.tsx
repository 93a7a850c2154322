import { withoutReadOnly } from "../../../automations/check";
import { DEFINITION_KINDS } from "../../../automations/transfer/plan";
import { Problem } from "../../../base/errors/errors";
import { MOST_OF_A_SCHOOL } from "../../../base/size";
import { isRecord } from "../../../definition/types";
import { MIB } from "../../../http/reading/body";
import { definitionsDocument } from "../../../http/routes/automations/definitions";
import { heard } from "../../../language/heard";
import { later, say } from "../../../language/say";
import { CheckField, Form, FormField } from "../../components/forms/form";
import { Layout, PageHead } from "../../components/frame/layout";
import { Pages } from "../../page";
import { attempt, type Ctx, type FormFields, formFieldsOf, type Html, seeOther } from "../../visit";
import { schoolWords } from "../../words/names";
import { RefusalNotice } from "../problem";
import { type Plan, PlanTold } from "./definitions-plan";

/* Definitions as a document: to keep, to hand on, to bring into another school. */

export const definitionsPages = new Pages();

// ---- Export ----

const download = (c: Ctx, name: string, document: unknown): Response =>
  c.body(`${JSON.stringify(document, null, 2)}\n`, 200, {
    "content-type": "application/json; charset=utf-8",
    "content-disposition": `attachment; filename="${name}.json"`,
  });

definitionsPages.get("/export/definitions.json", "viewer", async (c) => {
  const { api, school } = c.var.visit;
  return download(c, `${school.id}-definitions`, await api.call("GET /v1/export"));
});

definitionsPages.get("/automations/:id/export.json", "viewer", async (c) => {
  const automation = await c.var.visit.api.call("GET /v1/automations/:id", { params: c.req.param() });
  const item = { id: automation.id, ...withoutReadOnly({ ...automation }) };
  return download(c, automation.id, { schoolbell: 1, automations: [item] });
});

// ---- Import ----

/** The page holds the text several times over: as it came, as it is read, as it is shown again. */
const TEXT_BYTES = 4 * MIB;

/** The document: of the file where one was chosen, else as it stands in the text field. */
async function textOf(fields: FormFields): Promise<string> {
  const file = fields.file("file");
  const tooLarge = new Problem(
    "too_large",
    say("The page takes {page} MiB. PUT /v1/import takes {most} MiB.", {
      page: TEXT_BYTES / MIB,
      most: MOST_OF_A_SCHOOL / MIB,
    }),
  );
  if (!file || file.size === 0) {
    const text = fields.raw("text");
    if (text.length > TEXT_BYTES) throw tooLarge;
    return text;
  }
  if (file.size > TEXT_BYTES) throw tooLarge;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(await file.arrayBuffer());
  } catch {
    throw new Problem("malformed", say("The file is no text in UTF-8."));
  }
}

/** What is wrong, with the definition it is wrong in. */
const WHERE = {
  profile_fields: later("{fault}, in the profile field “{name}”"),
  segments: later("{fault}, in the segment “{name}”"),
  segment_rules: later("{fault}, in the segment rule “{name}”"),
  segment_syncs: later("{fault}, in the sync “{name}”"),
  auto_groups: later("{fault}, in the auto group “{name}”"),
  automations: later("{fault}, in the automation “{name}”"),
} as const;

/** A refusal whose faults name the definition they are of: a pointer alone says little of a long document. */
function named(refused: Problem, text: string): Problem {
  if (!refused.faults) return refused;
  // Faults have places only in what could be read.
  const document: unknown = JSON.parse(text);
  const faults = refused.faults.map((fault) => {
    const [, where, index] = fault.path.split("/");
    const kind = DEFINITION_KINDS.find((one) => one === where);
    const list = kind && isRecord(document) ? document[kind] : undefined;
    const item: unknown = Array.isArray(list) ? list[Number(index)] : undefined;
    const name = isRecord(item) ? [item.name, item.key, item.id].find((one) => typeof one === "string") : undefined;
    return kind && name ? { ...fault, message: say(WHERE[kind], { fault: heard(fault.message), name }) } : fault;
  });
  return new Problem(refused.kind, refused.detail, faults);
}

interface ImportProps {
  text: string;
  fire: boolean;
  plan: Plan | null;
  refused: Problem | null;
}

async function importPage(c: Ctx, { text, fire, plan, refused }: ImportProps): Promise<Html> {
  const { viewer, api, school, mayEdit, path } = c.var.visit;
  return (
    <Layout title={say("Import definitions")} viewer={viewer} section="automations">
      <PageHead title={say("Import definitions")} />
      <p class="soft">
        {say(
          "For a document that “Export” made, here or in another school: automations, segments with their rules and syncs, auto groups and profile fields. What has the id of something here changes it, what is new is made, and what the document does not name stays.",
        )}
      </p>
      <RefusalNotice problem={refused && named(refused, text)} />
      {plan ? (
        <PlanTold
          c={c}
          plan={plan}
          given={definitionsDocument.parse(JSON.parse(text))}
          stored={await api.call("GET /v1/export")}
          words={await schoolWords(c.env, school.id, JSON.parse(text))}
        />
      ) : null}
      {mayEdit ? (
        <Form action={path("/import/definitions")} enctype="multipart/form-data" class="form is-wide after">
          {plan ? (
            <button type="submit" class="button is-main" name="do" value="import">
              {say("Import")}
            </button>
          ) : null}
          <FormField
            id="f-file"
            label={say("JSON file")}
            optional
            hint={say("4 MiB at most. It goes before the text below.")}
          >
            <input id="f-file" type="file" name="file" accept=".json,application/json" aria-describedby="f-file-says" />
          </FormField>
          <FormField id="f-text" label={say("Document (JSON)")}>
            <textarea id="f-text" name="text" rows={plan ? 8 : 16} class="is-code" spellcheck={false}>
              {text}
            </textarea>
          </FormField>
          <CheckField
            name="fire"
            label={say("Start automations for what changes")}
            checked={fire}
            hint={say("Left out, learners who join or leave segments by it start nothing.")}
          />
          <button type="submit" class={plan ? "button" : "button is-main"} name="do" value="preview">
            {say("See what it would do")}
          </button>
        </Form>
      ) : (
        <p>{say("Only editors and owners may import.")}</p>
      )}
    </Layout>
  );
}

definitionsPages.get("/import/definitions", "viewer", async (c) =>
  c.html(await importPage(c, { text: "", fire: false, plan: null, refused: null })),
);

definitionsPages.post("/import/definitions", "editor", async (c) => {
  const { api } = c.var.visit;
  const fields = await formFieldsOf(c);
  const fire = fields.has("fire");
  const isDone = fields.text("do") === "import";
  let text = "";
  const { value, refused } = await attempt(async () => {
    text = await textOf(fields);
    if (text.trim() === "")
      throw new Problem("invalid", say("Choose a file, or put the document into the text field."));
    return api.call("PUT /v1/import", { query: { fire, dry_run: !isDone }, body: text });
  });
  if (refused || !isDone)
    return c.html(await importPage(c, { text, fire, plan: value, refused }), refused?.status ?? 200);
  return value.job_id !== undefined
    ? seeOther(c, c.var.visit.path(`/jobs/${encodeURIComponent(value.job_id)}`), { done: "imported" })
    : seeOther(c, c.var.visit.path("/automations"), { done: "imported" });
});
