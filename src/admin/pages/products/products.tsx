import type { FC } from "hono/jsx";
import { wordsUnnamed } from "../../../automations/finding/pickers";
import { isProductKind, PRODUCT_KINDS, type ProductKind } from "../../../catalogue/facts/products";
import type { RowOf } from "../../../http/answering/answers";
import { later, say, type Text, weave } from "../../../language/say";
import { EmptyState } from "../../components/bits";
import { FilterChoice, Filters, SearchBox, usedOf } from "../../components/forms/filters";
import { Layout, PageHead } from "../../components/frame/layout";
import { Notice } from "../../components/frame/notice";
import { Pager, Table } from "../../components/table";
import { Pages } from "../../page";
import type { Ctx, Html, Visit } from "../../visit";
import { schoolWords } from "../../words/names";
import { productPath } from "./product";
import { tellerText } from "./product-fields";

type Product = RowOf<"GET /v1/products">;

const HERE = "/products";
const PAGE = 50;

const WITHOUT_NAME = {
  course: later("Courses without a name"),
  bundle: later("Bundles without a name"),
  subscription: later("Subscriptions without a name"),
  activity: later("Learning activities without a name"),
  assessment: later("Assessments without a name"),
  exam: later("Certificate exams without a name"),
  form: later("Forms without a name"),
  certificate: later("Certificates without a name"),
  group: later("User groups without a name"),
  seat: later("Seat offerings without a name"),
  space: later("Spaces without a name"),
} as const satisfies Readonly<Record<ProductKind, Text>>;

interface ListProps {
  visit: Visit;
  products: readonly Product[];
  nounOf(kind: string): string;
}

const List: FC<ListProps> = ({ visit, products, nounOf }) => (
  <Table
    caption={say("Products")}
    rows={products}
    keyOf={(one) => `${one.type}-${one.id}`}
    columns={[
      {
        head: say("Name"),
        names: true,
        cell: (one) => (
          <>
            <a href={productPath(visit, one.type, one.id)}>{one.name ?? one.id}</a>{" "}
            {one.name === null ? (
              <small class="soft">{say("no name yet")}</small>
            ) : (
              <small class="soft">{one.id}</small>
            )}
          </>
        ),
      },
      { head: say("Type"), cell: (one) => nounOf(one.type) },
      { head: say("Address"), cell: (one) => one.url?.replace(/^https?:\/\//, "") ?? "" },
      { head: say("Courses"), number: true, cell: (one) => one.courses?.length ?? "" },
      { head: say("Named"), cell: (one) => (one.told.name ? tellerText(one.told.name) : "") },
    ]}
  />
);

/** What events have told of that nobody has given a name yet: each leads to the form that does. */
const Unnamed: FC<{ visit: Visit; kind: ProductKind; ids: readonly string[] }> = ({ visit, kind, ids }) =>
  ids.length === 0 ? null : (
    <>
      <h2 class="part">{say(WITHOUT_NAME[kind])}</h2>
      <p class="soft">{say("Events named these only by their ids. Give one a name, and it shows everywhere.")}</p>
      <span class="tags">
        {ids.map((id) => (
          <a class="tag" href={productPath(visit, kind, id)}>
            {id}
          </a>
        ))}
      </span>
    </>
  );

/** Leads to the form of one that is not in the list yet. */
const Add: FC<{ visit: Visit; kind: ProductKind; nounOf(kind: string): string }> = ({ visit, kind, nounOf }) => (
  <>
    <h2 class="part">{say("Name a product")}</h2>
    <form method="get" action={visit.path(HERE)} class="filters">
      <FilterChoice
        name="type"
        label={say("Type")}
        value={kind}
        options={PRODUCT_KINDS.map((one) => [one, nounOf(one)] as const)}
      />
      <SearchBox name="id" label={say("Id, as the LMS has it")} value="" />
      <button type="submit" class="button">
        {say("Name it")}
      </button>
    </form>
  </>
);

async function productsPage(c: Ctx): Promise<Html> {
  const visit = c.var.visit;
  const asked = c.req.query("type") ?? "";
  const type = isProductKind(asked) ? asked : undefined;
  const q = c.req.query("q")?.trim().slice(0, 255) ?? "";
  const cursor = c.req.query("cursor");
  const shown = type ?? "course";
  const [page, words, unnamed] = await Promise.all([
    visit.api.call("GET /v1/products", { query: { type, q: q || undefined, cursor, limit: PAGE } }),
    schoolWords(c.env, visit.school.id),
    wordsUnnamed(c.env, visit.school.id, shown, q),
  ]);
  const nounOf = (kind: string): string => words.nounOf(kind);
  const isFiltered = type !== undefined || q !== "";
  return (
    <Layout title={say("Products")} viewer={visit.viewer} section="products">
      <PageHead title={say("Products")}>
        {visit.mayEdit ? (
          <a class="button" href={visit.path("/import/products")}>
            {say("Import CSV")}
          </a>
        ) : null}
      </PageHead>
      <Notice c={c} />
      <Filters
        action={visit.path(HERE)}
        clear={isFiltered}
        used={usedOf(type ?? "")}
        search={<SearchBox label={say("Name or id")} value={q} wide />}
      >
        <FilterChoice
          name="type"
          label={say("Type")}
          value={type ?? ""}
          options={[["", say("All")], ...PRODUCT_KINDS.map((one) => [one, nounOf(one)] as const)]}
        />
      </Filters>
      {page.data.length > 0 ? (
        <>
          <List visit={visit} products={page.data} nounOf={nounOf} />
          <Pager page={page} at={visit.path(HERE)} filters={{ type: type ?? "", q }} c={c} />
        </>
      ) : isFiltered ? (
        <EmptyState title={say("Nothing found")}>
          <p>{say("No product of a name or address is like that.")}</p>
        </EmptyState>
      ) : (
        <EmptyState title={say("No names yet")}>
          <p>
            {weave(
              "Courses, bundles, groups and the like are known by their ids. With a name here they are shown by it in pickers, sentences and timelines, and a mail can say {variable}. Names come by themselves where events bring a {title}; else give them below, or import a CSV.",
              { variable: <code>{"{{ course.name }}"}</code>, title: <code>title</code> },
            )}
          </p>
        </EmptyState>
      )}
      <Unnamed visit={visit} kind={shown} ids={unnamed} />
      {visit.mayEdit ? <Add visit={visit} kind={shown} nounOf={nounOf} /> : null}
    </Layout>
  );
}

export const productsPages = new Pages();

productsPages.get(HERE, "viewer", async (c) => {
  const kind = c.req.query("type") ?? "";
  const id = c.req.query("id")?.trim() ?? "";
  // The form below the list names one by its id.
  if (id !== "" && isProductKind(kind)) return c.redirect(productPath(c.var.visit, kind, id), 303);
  return c.html(await productsPage(c));
});
