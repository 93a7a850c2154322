import { trimmed } from "../base/text/text";
import { id as givenId } from "../catalogue/options/fields";
import { type DayOrders, sheetDate } from "../jobs/files/day-order";
import { type Cells, defineImport } from "../jobs/files/lines";
import { coursesFault, productKind, productPart } from "./fields";
import { alignHolders, learnProducts } from "./write";

const DATES = ["starts_at", "ends_at", "due_at"];
const TEXTS = ["name", "url", "image_url", "parent", ...DATES];

/** The cells that say something; between the courses stands `|`, and dates are as sheets write them. */
function partOf(given: Cells, dayOrders: DayOrders): { part: Record<string, unknown> } | { fault: string } {
  const cells = new Map(given);
  for (const column of DATES) {
    const date = sheetDate(cells.get(column) ?? "", dayOrders.get(column));
    if ("fault" in date) return { fault: `${column}: ${date.fault}` };
    cells.set(column, date.value);
  }
  const cell = (column: string): string => (cells.get(column) ?? "").trim();
  const courses = cell("courses")
    .split("|")
    .flatMap((one) => (one.trim() === "" ? [] : [one.trim()]));
  const texts = Object.fromEntries(TEXTS.flatMap((column) => (cell(column) === "" ? [] : [[column, cell(column)]])));
  return { part: { ...texts, ...(courses.length ? { courses } : {}) } };
}

/** Says by hand, line by line, what products are. An empty cell leaves what is there. */
export const productsImport = defineImport({
  name: "products_import",
  columns: { required: ["type", "id"], optional: [...TEXTS, "courses"], dates: (column) => DATES.includes(column) },
  key: "id",
  perform: async ({ env, school }, cells, { dayOrders }) => {
    const type = productKind.safeParse(trimmed(cells.get("type") ?? "").toLowerCase());
    if (!type.success) return `type: ${type.error.issues[0]?.message}`;
    const id = givenId.safeParse(cells.get("id"));
    if (!id.success) return `id: ${id.error.issues[0]?.message}`;
    const told = partOf(cells, dayOrders);
    if ("fault" in told) return told.fault;
    const part = productPart.safeParse(told.part);
    if (!part.success) {
      const [issue] = part.error.issues;
      return `${String(issue?.path[0])}: ${issue?.message}`;
    }
    const fault = coursesFault(type.data, part.data);
    if (fault !== null) return `courses: ${fault}`;
    const others = await learnProducts(env, school, "hand", [{ type: type.data, id: id.data, ...part.data }]);
    for (const one of others) await alignHolders(env, school, one.type, one.id);
    return null;
  },
});
