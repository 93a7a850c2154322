import type { FC } from "hono/jsx";
import { MOST_COUNTED } from "../../../base/counted";
import { Problem } from "../../../base/errors";
import { isHolder, isProductKind, type ProductKind, type Teller } from "../../../catalogue/products";
import type { AnswerTo } from "../../../http/answers";
import { figure, later, say, type Text, weave } from "../../../language/say";
import { countMarked } from "../../../users/marked";
import { hrefWith } from "../../components/filters";
import { AskedButton, Form, FormField, TextField } from "../../components/form";
import { Layout, PageHead } from "../../components/layout";
import { Notice } from "../../components/notice";
import { Pages } from "../../page";
import {
  afterWrite,
  attempt,
  type Ctx,
  type FormFields,
  faultAt,
  formFieldsOf,
  type Html,
  seeOther,
  type Visit,
} from "../../visit";
import { schoolWords } from "../../words/names";
import { mapOf } from "../map/path";
import { RefusalNotice } from "../problem";

type Product = AnswerTo<"GET /v1/products/:type/:id">;

export const productPath = (visit: Visit, type: string, id: string): string =>
  visit.path(`/products/${encodeURIComponent(type)}/${encodeURIComponent(id)}`);

/** From whom we know it. */
const TELLER_WORDS = {
  hand: later("by hand"),
  lms: later("by the LMS"),
  event: later("by an event"),
} as const satisfies Readonly<Record<Teller, Text>>;
export const tellerText = (teller: Teller): string => say(TELLER_WORDS[teller]);

const TEXTS = ["name", "url", "image_url", "parent", "starts_at", "ends_at", "due_at"] as const;

/** What the form holds: as it was sent, or as it is said by hand. */
type Written = Readonly<Record<(typeof TEXTS)[number] | "courses", string>>;

/** Only what was said by hand stands in the fields: saved again, what others tell would be ours. */
function writtenOf(product: Product | null): Written {
  const own = (key: (typeof TEXTS)[number]): string =>
    product?.told[key] === "hand" ? String(product[key] ?? "") : "";
  return {
    ...(Object.fromEntries(TEXTS.map((key) => [key, own(key)])) as Record<(typeof TEXTS)[number], string>),
    courses: product?.told.courses === "hand" ? (product.courses ?? []).join("\n") : "",
  };
}

const readForm = (fields: FormFields): Written => ({
  ...(Object.fromEntries(TEXTS.map((key) => [key, fields.text(key)])) as Record<(typeof TEXTS)[number], string>),
  courses: fields.text("courses"),
});

const LABELS = {
  name: [later("Name"), () => say("As learners know it.")],
  url: [later("Address"), () => say("Where learners find it: {variable} in a mail.", { variable: "{{ course.url }}" })],
  image_url: [later("Address of its image"), () => "https://…"],
  parent: [later("Part of"), () => say("The id of what it is in.")],
  starts_at: [later("Starts@begins"), () => say("2026-01-31, or 2026-01-31T09:30 in the school's time.")],
  ends_at: [later("Ends@closes"), () => say("The same.")],
  due_at: [later("Due"), () => say("The same.")],
} as const satisfies Readonly<Record<(typeof TEXTS)[number], readonly [label: Text, hint: () => string]>>;

interface FieldProps {
  name: (typeof TEXTS)[number];
  product: Product | null;
  values: Written;
  refused: Problem | null;
}

/** A field of the form; what others have told of it stands beside as a hint. */
const ProductField: FC<FieldProps> = ({ name, product, values, refused }) => {
  const [label, hint] = LABELS[name];
  const teller = product?.told[name];
  const known =
    teller && teller !== "hand"
      ? say("Known {how}: {value}. What stands here goes before it.", {
          how: tellerText(teller),
          value: `${product?.[name]}`,
        })
      : null;
  return (
    <TextField
      name={name}
      label={say(label)}
      optional={name !== "name"}
      required={name === "name"}
      value={values[name]}
      hint={known ?? hint()}
      fault={faultAt(refused, `/${name}`)}
    />
  );
};

interface PageProps {
  c: Ctx;
  kind: ProductKind;
  id: string;
  product: Product | null;
  noun: string;
  /** How many learners are in the courses that it holds. */
  enrolled: number;
  values: Written;
  refused?: Problem | null;
}

const howMany = (count: number): string =>
  count > MOST_COUNTED ? say("More than {n}", { n: MOST_COUNTED }) : figure(count);

const ProductPage: FC<PageProps> = ({ c, kind, id, product, noun, enrolled, values, refused = null }) => {
  const visit = c.var.visit;
  const at = productPath(visit, kind, id);
  return (
    <Layout title={product?.name ?? id} viewer={visit.viewer} section="products">
      <PageHead title={product?.name ?? id}>
        {kind === "course" ? (
          <a class="button" href={hrefWith(visit.path("/learners"), { course: id })}>
            {say("Who is in it")}
          </a>
        ) : null}
        <a class="button" href={mapOf(visit, { kind, id })}>
          {say("What touches this")}
        </a>
      </PageHead>
      <Notice c={c} />
      <p class="lead">
        {product?.told.name
          ? weave("The {noun} {id}, named {how}.", { noun, id: <code>{id}</code>, how: tellerText(product.told.name) })
          : weave("The {noun} {id}, which has no name yet.", { noun, id: <code>{id}</code> })}
      </p>
      <RefusalNotice problem={refused} />
      {visit.mayEdit ? (
        <>
          <Form action={at} class="form">
            {TEXTS.map((name) => (
              <ProductField name={name} product={product} values={values} refused={refused} />
            ))}
            {isHolder(kind) ? (
              <FormField
                id="f-courses"
                label={say("Courses")}
                optional
                hint={[
                  say("Ids, one a line. Whoever holds the {noun} holds them.", { noun }),
                  ...(product?.courses && product.told.courses !== "hand"
                    ? [
                        say("Now: {courses}; what stands here takes their place.", {
                          courses: product.courses.join(", "),
                        }),
                      ]
                    : []),
                ].join(" ")}
                fault={faultAt(refused, "/courses")}
              >
                <textarea id="f-courses" name="courses" rows={6} aria-describedby="f-courses-says">
                  {values.courses}
                </textarea>
              </FormField>
            ) : null}
            <span class="inline">
              <button type="submit" class="button is-main">
                {say("Save")}
              </button>
              <a class="button" href={visit.path(`/products?type=${kind}`)}>
                {say("Back to the list")}
              </a>
            </span>
          </Form>
          {product ? (
            <span class="inline after">
              <AskedButton
                ask={say("Delete…")}
                follows={
                  product.courses?.length
                    ? say(
                        "Enrolled in its courses now: {n}. Whoever has them by nothing but the {noun} is un-enrolled, and it is shown by its id again.",
                        { noun, n: howMany(enrolled) },
                      )
                    : say("It is shown by its id again; nobody loses anything.")
                }
                action={`${at}/delete`}
              >
                {say("Delete the name")}
              </AskedButton>
            </span>
          ) : null}
        </>
      ) : (
        <Facts product={product} />
      )}
    </Layout>
  );
};

/** What is known of it, for who may not change it. */
const Facts: FC<{ product: Product | null }> = ({ product }) => (
  <dl class="facts">
    {TEXTS.flatMap((name) => (product?.[name] ? [[LABELS[name][0], product[name]] as const] : [])).map(
      ([label, value]) => (
        <>
          <dt>{say(label)}</dt>
          <dd>{value}</dd>
        </>
      ),
    )}
    {product?.courses ? (
      <>
        <dt>{say("Courses")}</dt>
        <dd>{product.courses.join(", ")}</dd>
      </>
    ) : null}
  </dl>
);

async function productPage(c: Ctx, values?: Written, refused: Problem | null = null): Promise<Html> {
  const visit = c.var.visit;
  const { type = "", id = "" } = c.req.param();
  if (!isProductKind(type)) throw new Problem("not_found", "There is no such type of product.");
  const [product, words] = await Promise.all([
    visit.api.find("GET /v1/products/:type/:id", { params: { type, id } }),
    schoolWords(c.env, visit.school.id),
  ]);
  const { school } = visit;
  const enrolled = product?.courses?.length ? await countMarked(c.env, school.id, "course", product.courses) : 0;
  const shown = values ?? writtenOf(product);
  return (
    <ProductPage
      c={c}
      kind={type}
      id={id}
      product={product}
      noun={words.nounOf(type)}
      enrolled={enrolled}
      values={shown}
      refused={refused}
    />
  );
}

export const productPages = new Pages();

productPages.get("/products/:type/:id", "viewer", async (c) => c.html(await productPage(c)));

productPages.post("/products/:type/:id", "editor", async (c) => {
  const values = readForm(await formFieldsOf(c));
  const { courses, ...texts } = values;
  const given = Object.fromEntries(
    Object.entries(texts).flatMap(([key, value]) => (value === "" ? [] : [[key, value]])),
  );
  const list = courses.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
  const { value, refused } = await attempt(() =>
    c.var.visit.api.call("PUT /v1/products/:type/:id", {
      params: c.req.param(),
      body: { name: values.name, ...given, ...(list.length ? { courses: list } : {}) },
    }),
  );
  if (refused) return c.html(await productPage(c, values, refused), refused.status);
  return afterWrite(c, value, productPath(c.var.visit, c.req.param("type"), c.req.param("id")));
});

productPages.post("/products/:type/:id/delete", "editor", async (c) => {
  const { type, id } = c.req.param();
  const deleted = await c.var.visit.api.call("DELETE /v1/products/:type/:id", { params: { type, id } });
  const list = c.var.visit.path(`/products?type=${encodeURIComponent(type)}`);
  return deleted ? afterWrite(c, deleted, list) : seeOther(c, list, { done: "removed" });
});
