import type { FC } from "hono/jsx";
import type { Word } from "../../../automations/finding/pickers";
import { MOST_COUNTED } from "../../../base/counted";
import { Problem } from "../../../base/errors/errors";
import { entry } from "../../../base/record";
import { isHolder, isProductKind, type ProductKind } from "../../../catalogue/facts/products";
import { figure, say, weave } from "../../../language/say";
import { productNames } from "../../../products/find";
import { countMarked } from "../../../users/finding/marked";
import { hrefWith } from "../../components/forms/filters";
import { AskedButton, Form, FormField } from "../../components/forms/form";
import { Layout, PageHead } from "../../components/frame/layout";
import { Notice } from "../../components/frame/notice";
import { Pages } from "../../page";
import { afterWrite, attempt, type Ctx, faultAt, formFieldsOf, type Html, seeOther, type Visit } from "../../visit";
import { knownOf, meantId } from "../../words/meant";
import { schoolWords } from "../../words/names";
import { mapOf } from "../map/path";
import { RefusalNotice } from "../problem";
import {
  DATES,
  DateField,
  hourOf,
  LABELS,
  ownOf,
  type Product,
  ProductField,
  readForm,
  saidOf,
  TEXTS,
  tellerText,
  type Written,
  writtenOf,
} from "./product-fields";
import { meantCourses, meantDate } from "./written";

export const productPath = (visit: Visit, type: string, id: string): string =>
  visit.path(`/products/${encodeURIComponent(type)}/${encodeURIComponent(id)}`);

interface PageProps {
  c: Ctx;
  kind: ProductKind;
  id: string;
  product: Product | null;
  noun: string;
  /** How many learners are in the courses that it holds. */
  enrolled: number;
  /** Courses that are known. */
  known: readonly Word[];
  /** What its courses are called. */
  names: Readonly<Record<string, string>>;
  values: Written;
  refused?: Problem | null;
}

const howMany = (count: number): string =>
  count > MOST_COUNTED ? say("More than {n}", { n: MOST_COUNTED }) : figure(count);

const ProductPage: FC<PageProps> = (props) => {
  const { c, kind, id, product, noun, enrolled, known, names, values, refused = null } = props;
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
              <ProductField {...{ name, visit, product, values, refused, known }} />
            ))}
            {DATES.map((name) => (
              <DateField {...{ name, visit, product, values, refused }} />
            ))}
            {isHolder(kind) ? (
              <FormField
                id="f-courses"
                label={say("Courses")}
                optional
                hint={[
                  say("Names or ids, one a line. Whoever holds the {noun} holds them.", { noun }),
                  ...(product?.courses && product.told.courses !== "hand"
                    ? [
                        say("Now: {courses}; what stands here takes their place.", {
                          courses: coursesSaid(product, names),
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
        <Facts visit={visit} product={product} names={names} />
      )}
    </Layout>
  );
};

const coursesSaid = ({ courses }: Product, names: Readonly<Record<string, string>>): string =>
  (courses ?? []).map((id) => entry(names, id) ?? id).join(", ");

/** What is known of it, for who may not change it. */
const Facts: FC<{ visit: Visit; product: Product | null; names: PageProps["names"] }> = ({ visit, product, names }) => (
  <dl class="facts">
    {([...TEXTS, ...DATES] as const).map((name) =>
      product?.[name] ? (
        <>
          <dt>{say(LABELS[name][0])}</dt>
          <dd>{saidOf(product, name, visit.timezone)}</dd>
        </>
      ) : null,
    )}
    {product?.courses ? (
      <>
        <dt>{say("Courses")}</dt>
        <dd>{coursesSaid(product, names)}</dd>
      </>
    ) : null}
  </dl>
);

async function productPage(c: Ctx, values?: Written, refused: Problem | null = null): Promise<Html> {
  const visit = c.var.visit;
  const { type = "", id = "" } = c.req.param();
  if (!isProductKind(type)) throw new Problem("not_found", "There is no such type of product.");
  const [product, words, known] = await Promise.all([
    visit.api.find("GET /v1/products/:type/:id", { params: { type, id } }),
    schoolWords(c.env, visit.school.id),
    knownOf(c, "course"),
  ]);
  const { course: names = {} } = await productNames(c.env, visit.school.id, product?.courses ?? []);
  const { school } = visit;
  const enrolled = product?.courses?.length ? await countMarked(c.env, school.id, "course", product.courses) : 0;
  const shown = values ?? writtenOf(product, names, visit.timezone);
  return (
    <ProductPage
      c={c}
      kind={type}
      id={id}
      product={product}
      noun={words.nounOf(type)}
      enrolled={enrolled}
      known={known}
      names={names}
      values={shown}
      refused={refused}
    />
  );
}

export const productPages = new Pages();

productPages.get("/products/:type/:id", "viewer", async (c) => c.html(await productPage(c)));

productPages.post("/products/:type/:id", "editor", async (c) => {
  const { api, timezone } = c.var.visit;
  const values = readForm(await formFieldsOf(c));
  const text = (key: string): string => values[key] ?? "";
  const before = await api.find("GET /v1/products/:type/:id", { params: c.req.param() });
  const [list, parent] = await Promise.all([meantCourses(c, text("courses")), meantId(c, "course", text("parent"))]);
  const dates = DATES.map((key): [string, string] => [
    key,
    meantDate({ day: text(key), hour: text(hourOf(key)) }, ownOf(before, key), timezone),
  ]);
  const texts = TEXTS.map((key): [string, string] => [key, key === "parent" ? parent : text(key)]);
  const given = Object.fromEntries([...texts, ...dates].filter(([, value]) => value !== ""));
  const { value, refused } = await attempt(() =>
    api.call("PUT /v1/products/:type/:id", {
      params: c.req.param(),
      body: { name: text("name"), ...given, ...(list.length ? { courses: list } : {}) },
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
