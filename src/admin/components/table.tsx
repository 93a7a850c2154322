import type { Child, FC } from "hono/jsx";
import { isMoreCounted, type Total } from "../../base/counted";
import { momentOfCursor } from "../../http/reading/cursors";
import { many, say, weave } from "../../language/say";
import type { Ctx, Visit } from "../visit";
import { Banner } from "./bits";
import { hrefWith } from "./forms/filters";
import { Moment } from "./moment";

export interface Column<Row> {
  head: string;
  cell(row: Row): Child;
  /** Counts stand at the right, in figures of one width. */
  number?: boolean;
  /** Whether the cell names its row. */
  names?: boolean;
  /** What is done with a row stands at its end, under its head. */
  end?: boolean;
}

interface TableProps<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf(row: Row): string;
}

const classOf = ({ number, end }: { number?: boolean; end?: boolean }): string | undefined =>
  number ? "is-number" : end ? "is-end" : undefined;

/**
 * Rows under a head that stays in sight; on a phone each row is a card. A row opens by the link in its naming cell,
 * so that Enter, a middle click and a copied address all work without script.
 */
export function Table<Row>({ caption, columns, rows, keyOf }: TableProps<Row>): ReturnType<FC> {
  return (
    <section class="table-scroll" aria-label={caption} tabindex={0}>
      <table class="table is-cards">
        <caption class="sr-only">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope="col" class={classOf(column)}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr id={`row-${keyOf(row)}`}>
              {columns.map((column) =>
                column.names ? (
                  <th scope="row">{column.cell(row)}</th>
                ) : (
                  <td class={classOf(column)} data-head={column.head}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface PagerProps {
  /** What the list answered. */
  page: { data: readonly unknown[]; next_cursor: string | null };
  /** Where it is, and what it was asked for besides. */
  at: string;
  filters?: Readonly<Record<string, string>>;
  /** The page is asked for in its address: `cursor`, and in `back` the cursors of those before it. */
  c: Ctx;
  /** How many there are in all, as far as it is known. */
  total?: Total | undefined;
}

/** So many pages one can go back; a longer way begins at the start again. */
const WAY_BACK = 30;
const FIRST = "-";

const shownText = (n: number, total: Total | undefined): string =>
  total === undefined || total.n < n
    ? say("{n} shown", { n })
    : say("{n} shown of {total}", {
        n,
        total: total.n > total.most ? say("more than {n}", { n: total.most }) : total.n,
      });

type Placed = Pick<PagerProps, "at" | "filters" | "c">;

/** Where a page is among those of its list. */
function placeOf({ at, filters = {}, c }: Placed) {
  const cursor = c.req.query("cursor") ?? "";
  const way = cursor === "" ? [] : (c.req.query("back") ?? "").split(",").filter((one) => one !== "");
  const here = cursor === "" ? FIRST : cursor;
  // Whoever had all of them counted knows on each page how many there are.
  const count = c.req.query("count") === "all" ? "all" : "";
  const to = (cursor: string, back: readonly string[]): string =>
    hrefWith(at, { ...filters, cursor: cursor === FIRST ? "" : cursor, back: back.slice(-WAY_BACK).join(","), count });
  return { cursor, way, here, count, to };
}

/** The address of a page itself: whoever does something on it comes back to it. */
export const hereOf = (placed: Placed): string => {
  const { here, way, to } = placeOf(placed);
  return to(here, way);
};

/**
 * Above a page that is not full though others follow: by what no index says so many are looked through for a page. It says
 * how far that came, and leads further.
 * @param props `isBack`: the newest come first
 */
export const LookedThrough: FC<
  Placed & {
    visit: Visit;
    page: PagerProps["page"];
    isBack: boolean;
  }
> = ({ visit, page, isBack, ...placed }) => {
  if (page.next_cursor === null) return null;
  const { here, way, to } = placeOf(placed);
  const found = page.data.length;
  const moment = <Moment atMs={momentOfCursor(page.next_cursor)} nowMs={visit.nowMs} timezone={visit.timezone} named />;
  return (
    <Banner>
      <span>
        {isBack
          ? weave("Looked through back to {moment}; there may be more before it.", { moment })
          : weave("Looked through up to {moment}; there may be more after it.", { moment })}{" "}
        {found === 0
          ? say("Nothing found on this page.")
          : many(found, "{n} found on this page.", "{n} found on this page.")}
      </span>
      <a class="button" href={to(page.next_cursor, [...way, here])} rel="next">
        {say("Look further")}
      </a>
    </Banner>
  );
};

/** The ways to the pages before and after; the address of a page can be sent to a colleague. */
export const Pager: FC<PagerProps> = ({ page, at, filters = {}, c, total }) => {
  const { cursor, way, here, count, to } = placeOf({ at, filters, c });
  const before = way.at(-1);
  return (
    <nav class="pager" aria-label={say("Pages")}>
      <span class="inline">
        {shownText(page.data.length, total)}
        {total && isMoreCounted(total) ? (
          <a href={hrefWith(at, { ...filters, cursor, back: way.join(","), count: "all" })}>{say("Count them all")}</a>
        ) : null}
      </span>
      <span class="inline">
        {cursor === "" || before === FIRST ? null : (
          <a class="button is-small" href={hrefWith(at, { ...filters, count })}>
            {say("From the start")}
          </a>
        )}
        {before === undefined ? null : (
          <a class="button is-small" href={to(before, way.slice(0, -1))} rel="prev">
            {say("Previous")}
          </a>
        )}
        {page.next_cursor === null ? null : (
          <a class="button is-small" href={to(page.next_cursor, [...way, here])} rel="next">
            {say("Next")}
          </a>
        )}
      </span>
    </nav>
  );
};
