import type { Child, FC } from "hono/jsx";
import { hrefWith } from "./filters";

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
  cursor: string | undefined;
}

/** The way to the next page of a list; the address of a page can be sent to a colleague. */
export const Pager: FC<PagerProps> = ({ page, at, filters = {}, cursor = "" }) => (
  <nav class="pager" aria-label="Pages">
    <span>{page.data.length.toLocaleString("en")} shown</span>
    <span class="inline">
      {cursor === "" ? null : (
        <a class="button is-small" href={hrefWith(at, filters)}>
          From the start
        </a>
      )}
      {page.next_cursor === null ? null : (
        <a class="button is-small" href={hrefWith(at, { ...filters, cursor: page.next_cursor })} rel="next">
          Next
        </a>
      )}
    </span>
  </nav>
);
