import * as z from "zod";
import { once } from "../../../base/cache";
import type { Tools } from "../../ports";
import {
  type LmsCourse,
  type LmsEnrolment,
  LmsError,
  type LmsGroup,
  type LmsPage,
  type LmsPerson,
  type LmsReads,
} from "../port";
import { failureOf } from "./answer";
import { apiFor, segment } from "./api";
import type { Settings } from "./settings";

/*
 * What LearnWorlds has, a page of its own at a time: `after` is the number of the last page read. Few isolates ever read
 * it: the schemas are made when one does.
 */

const id = z.union([z.string().min(1), z.number()]).transform(String);
const text = z.string().nullish().catch(null);

const list = once(() =>
  z.object({ data: z.array(z.unknown()), meta: z.object({ totalPages: z.coerce.number().int().min(0) }) }),
);

const course = once(() =>
  z.object({ id, title: text, courseImage: text }).transform(
    ({ id, title, courseImage }): LmsCourse => ({
      id,
      name: title || id,
      ...(courseImage && URL.canParse(courseImage) ? { imageUrl: courseImage } : {}),
    }),
  ),
);

const group = once(() =>
  z.object({ id, title: text }).transform(({ id, title }): LmsGroup => ({ id, name: title || id })),
);

/** Unix seconds, with a fraction at times. */
const created = z.coerce.number().positive().nullish().catch(null);

const person = once(() =>
  z.object({ id, email: text, username: text, created }).transform(
    ({ id, email, username, created }): LmsPerson => ({
      id,
      email: email || null,
      username: username || null,
      ...(created ? { registeredAt: Math.round(created * 1_000) } : {}),
    }),
  ),
);

/** The list names who is in, with no role and no end; `is_suspended` is the user's in the whole school. */
const enrolment = once(() =>
  z.object({ id, is_suspended: z.boolean().nullish().catch(null) }).transform(
    ({ id, is_suspended }): LmsEnrolment => ({
      user: id,
      role: null,
      suspended: is_suspended ?? false,
    }),
  ),
);

/** Beyond the last page LearnWorlds answers with the last one again: only `totalPages` says that it was the last. */
async function read<Item>(
  settings: Settings,
  tools: Tools,
  path: string,
  after: string | null,
  item: z.ZodType<Item>,
): Promise<LmsPage<Item>> {
  const page = Number(after ?? 0) + 1;
  const answer = await apiFor(settings, tools).request("GET", `${path}${path.includes("?") ? "&" : "?"}page=${page}`);
  if (!answer.ok) throw new LmsError(answer.error, failureOf(answer));
  const found = list().safeParse(answer.json).data;
  // A list cut off is not to be taken for a short one.
  if (!found) throw new LmsError(`${path}: an answer that is no page of a list`, { retry: true });
  const { data, meta } = found;
  if (page > meta.totalPages) return { items: [], next: null };
  const items = data.map((one) => item.safeParse(one).data);
  if (items.includes(undefined)) throw new LmsError(`${path}: something in the list has no id`, { retry: false });
  return {
    items: items.filter((one) => one !== undefined),
    next: page < meta.totalPages ? String(page) : null,
  };
}

export const reads: LmsReads<Settings> = {
  courses: (settings, tools, after) => read(settings, tools, "/v2/courses", after, course()),
  groups: (settings, tools, after) => read(settings, tools, "/v2/user_groups", after, group()),
  users: (settings, tools, after) => read(settings, tools, "/v2/users?items_per_page=50", after, person()),
  enrolments: (settings, tools, of, after) => {
    const path = `/v2/courses/${segment(of)}/users?items_per_page=50&include_suspended=true`;
    return read(settings, tools, path, after, enrolment());
  },
};
