import type { FC } from "hono/jsx";
import type { Problem } from "../../../base/errors/errors";
import { BUILT_IN_FIELDS } from "../../../catalogue/segments/clause";
import type { AnswerTo } from "../../../http/answering/answers";
import { heard } from "../../../language/heard";
import { say } from "../../../language/say";
import { Banner } from "../../components/bits";
import { Form, SelectField } from "../../components/forms/form";
import { Layout, PageHead } from "../../components/frame/layout";
import { Icon } from "../../components/icon";
import { Pages } from "../../page";
import { afterWrite, attempt, type Ctx, type FormFields, faultAt, formFieldsOf, type Visit } from "../../visit";
import { OPERATORS } from "../../words/sentences/sentences";
import { shiftMeant } from "../../words/values/moments";
import { RefusalNotice } from "../problem";
import { listOf, meantValue, OfferLists, type Offers, offersOf, shownValue } from "./rule-values";
import { fieldNameIn, operatorText, previewIn, previewText } from "./rule-words";
import { segmentPath } from "./segments";

type ProfileField = AnswerTo<"GET /v1/profile-fields/:key">;
type Rule = AnswerTo<"GET /v1/segment-rules/:id">;
type RulePreview = Extract<AnswerTo<"PATCH /v1/segment-rules/:id">, { would_join: number }>;
type Segment = AnswerTo<"GET /v1/segments/:id">;
type Clause = Rule["where"][number];

const WITHOUT_VALUE = new Set(["is_empty", "is_not_empty"]);
/** As many as the route takes. */
const MOST = 50;

interface RuleProps {
  visit: Visit;
  segment: Segment;
  fields: readonly ProfileField[];
  offers: Offers;
  draft: Pick<Rule, "match" | "where">;
  /** Blank rows below those filled in. */
  blanks: number;
  /** Whether to go on in the first of them, which was asked for. */
  isAdded?: boolean;
  /** The one that is changed; null while it is new. */
  rule: Pick<Rule, "id"> | null;
  preview?: RulePreview | null;
  refused?: Problem | null;
}

const Row: FC<{
  index: number;
  clause: Clause | undefined;
  fields: readonly ProfileField[];
  offers: Offers;
  fault: string | undefined;
  isAdded: boolean;
}> = ({ index, clause, fields, offers, fault, isAdded }) => (
  <li>
    <fieldset class="clause">
      <legend class="sr-only">{say("Condition {n}", { n: index + 1 })}</legend>
      <select
        name={`field-${index}`}
        aria-label={say("Field")}
        aria-invalid={fault ? "true" : undefined}
        autofocus={isAdded || undefined}
      >
        <option value="">–</option>
        <optgroup label={say("Profile fields")}>
          {fields.map((one) => (
            <option value={one.key} selected={clause?.field === one.key}>
              {one.name}
            </option>
          ))}
        </optgroup>
        <optgroup label={say("Of every learner")}>
          {BUILT_IN_FIELDS.map((one) => (
            <option value={one} selected={clause?.field === one}>
              {fieldNameIn(one, [])}
            </option>
          ))}
        </optgroup>
      </select>
      <select name={`op-${index}`} aria-label={say("Condition")}>
        {Object.keys(OPERATORS).map((op) => (
          <option value={op} selected={(clause?.op ?? "is") === op}>
            {operatorText(op)}
          </option>
        ))}
      </select>
      <input
        name={`value-${index}`}
        value={shownValue(clause, offers)}
        list={listOf(clause?.field, offers)}
        aria-label={say("Value")}
        autocomplete="off"
      />
      <button type="submit" class="button is-quiet" name="remove" value={index} title={say("Remove this condition")}>
        <Icon name="close" />
        <span class="sr-only">{say("Remove condition {n}", { n: index + 1 })}</span>
      </button>
    </fieldset>
    {fault ? <span class="fault">✕ {fault}</span> : null}
  </li>
);

const RulePage: FC<RuleProps> = ({
  visit,
  segment,
  fields,
  offers,
  draft,
  blanks,
  isAdded,
  rule,
  preview,
  refused,
}) => (
  <Layout title={rule ? say("Rule") : say("New rule")} viewer={visit.viewer} section="segments">
    <PageHead
      title={
        rule ? say("Rule of “{name}”", { name: segment.name }) : say("New rule of “{name}”", { name: segment.name })
      }
    />
    <RefusalNotice problem={refused} shown={(path) => path.startsWith("/where/")} />
    {preview ? (
      <Banner>
        <output>{previewText(preview)}</output>
        {preview.warnings?.map(({ message }) => (
          <span>{heard(message)}</span>
        ))}
        {segment.managed ? null : <span>{say("The segment is kept by hand: the rule would wait.")}</span>}
      </Banner>
    ) : null}
    <Form
      action={
        rule ? visit.path(`/rules/${encodeURIComponent(rule.id)}`) : `${segmentPath(visit, segment.id)}/rules/new`
      }
      class="form is-wide"
      isLocked={!visit.mayEdit}
    >
      {/* What Enter in a field presses: the first button of a form, which would else remove a row. */}
      {visit.mayEdit ? <button type="submit" hidden name="do" value="preview" /> : null}
      <SelectField
        name="match"
        label={say("Who belongs")}
        value={draft.match}
        options={[
          ["all", say("who meets all of these")],
          ["any", say("who meets any of these")],
        ]}
      />
      <ul class="clauses">
        {Array.from({ length: Math.min(Math.max(draft.where.length + blanks, 1), MOST) }, (_, index) => (
          <Row
            index={index}
            clause={draft.where[index]}
            fields={fields}
            offers={offers}
            fault={faultAt(refused, `/where/${index}`)}
            isAdded={isAdded === true && index === draft.where.length}
          />
        ))}
      </ul>
      <OfferLists offers={offers} nameOf={(field) => fieldNameIn(field, fields)} />
      <p class="hint">
        {say(
          "Upper and lower case do not matter. “is one of” takes several values with commas between. A date may be a day (2026-01-31) or counted from now: “last visit is before 30 days ago” finds whoever was last here over 30 days ago. A row without a field is left out.",
        )}
      </p>
      {visit.mayEdit ? (
        <span class="inline">
          {draft.where.length + blanks < MOST ? (
            <button type="submit" class="button" name="do" value="more">
              {say("Add a row")}
            </button>
          ) : (
            <span class="hint">{say("{n} rows at most.", { n: MOST })}</span>
          )}
          <button type="submit" class="button" name="do" value="preview">
            {say("Preview the change")}
          </button>
          <button type="submit" class="button is-main" name="do" value="save">
            {say("Save")}
          </button>
          <a class="button" href={segmentPath(visit, segment.id)}>
            {say("Cancel")}
          </a>
        </span>
      ) : null}
    </Form>
  </Layout>
);

const NUMBERS = new Set(["gt", "gte", "lt", "lte"]);

/** A value as typed, for the kind of field it is compared with. */
function typed(text: string, op: string, field: ProfileField | undefined, meant: (text: string) => string): unknown {
  if (op === "in")
    return text
      .split(",")
      .map((one) => meant(one.trim()))
      .filter(Boolean);
  if (field?.type === "boolean" && (text === "true" || text === "false")) return text === "true";
  if ((field?.type === "number" || NUMBERS.has(op)) && text !== "" && Number.isFinite(Number(text)))
    return Number(text);
  return meant(text);
}

/** What compares with a moment, which may be so far from now. */
const OF_MOMENTS: ReadonlySet<string> = new Set(["before", "after"]);

/** What the form holds without the row to be removed, and how many of the rows are blank. */
function draftOf(
  form: FormFields,
  fields: readonly ProfileField[],
  offers: Offers,
): { draft: RuleProps["draft"]; blanks: number } {
  const removed = form.text("remove");
  const rows = Array.from({ length: MOST }, (_, index) => String(index))
    .filter((index) => form.has(`field-${index}`) && index !== removed)
    .map((index): Clause | null => {
      const field = form.text(`field-${index}`);
      const op = form.text(`op-${index}`);
      if (field === "") return null;
      if (WITHOUT_VALUE.has(op)) return { field, op };
      const declared = fields.find((one) => one.key === field);
      const meant = (text: string): string => meantValue(field, OF_MOMENTS.has(op) ? shiftMeant(text) : text, offers);
      return { field, op, value: typed(form.text(`value-${index}`), op, declared, meant) };
    });
  const where = rows.filter((one) => one !== null);
  return { draft: { match: form.text("match") === "any" ? "any" : "all", where }, blanks: rows.length - where.length };
}

/** What the form was sent for: a row more or less, a preview, or to be saved. */
async function answer(c: Ctx, segment: Segment, rule: Rule | null): Promise<Response> {
  const visit = c.var.visit;
  const fields = await visit.api.all("GET /v1/profile-fields");
  const offers = await offersOf(c, fields);
  const form = await formFieldsOf(c);
  const { draft, blanks } = draftOf(form, fields, offers);
  const page = { visit, segment, fields, offers, draft, blanks, rule };
  const wanted = form.text("do");
  if (form.has("remove")) return c.html(<RulePage {...page} />);
  if (wanted === "more") return c.html(<RulePage {...page} blanks={blanks + 1} isAdded />);
  const write = (query: { dry_run?: true }) =>
    rule
      ? visit.api.call("PATCH /v1/segment-rules/:id", { params: { id: rule.id }, query, body: draft })
      : visit.api.call("POST /v1/segment-rules", { query, body: { segment: segment.id, ...draft } });
  if (wanted === "preview") {
    const { value, refused } = await attempt(async () => previewIn(await write({ dry_run: true })));
    return c.html(<RulePage {...page} preview={value} refused={refused} />, refused?.status ?? 200);
  }
  const { value, refused } = await attempt(() => write({}));
  if (refused) return c.html(<RulePage {...page} refused={refused} />, refused.status);
  return afterWrite(c, value, segmentPath(visit, segment.id));
}

const segmentOf = ({ api }: Visit, id: string) => api.call("GET /v1/segments/:id", { params: { id } });
const ruleOf = ({ api }: Visit, id: string) => api.call("GET /v1/segment-rules/:id", { params: { id } });

export const rulesPages = new Pages();

rulesPages.get("/segments/:id/rules/new", "editor", async (c) => {
  const visit = c.var.visit;
  const segment = await segmentOf(visit, c.req.param("id"));
  const fields = await visit.api.all("GET /v1/profile-fields");
  return c.html(
    <RulePage
      visit={visit}
      segment={segment}
      fields={fields}
      offers={await offersOf(c, fields)}
      draft={{ match: "all", where: [] }}
      blanks={2}
      rule={null}
    />,
  );
});

rulesPages.post("/segments/:id/rules/new", "editor", async (c) =>
  answer(c, await segmentOf(c.var.visit, c.req.param("id")), null),
);

rulesPages.get("/rules/:id", "viewer", async (c) => {
  const visit = c.var.visit;
  const rule = await ruleOf(visit, c.req.param("id"));
  const [segment, fields] = await Promise.all([
    segmentOf(visit, rule.segment),
    visit.api.all("GET /v1/profile-fields"),
  ]);
  const offers = await offersOf(c, fields);
  return c.html(<RulePage {...{ visit, segment, fields, offers, rule }} draft={rule} blanks={1} />);
});

rulesPages.post("/rules/:id", "editor", async (c) => {
  const rule = await ruleOf(c.var.visit, c.req.param("id"));
  return answer(c, await segmentOf(c.var.visit, rule.segment), rule);
});
