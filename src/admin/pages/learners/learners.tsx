import { giverNames } from "../../../automations/givers";
import { mostCounted, type Total } from "../../../base/counted";
import { storedKeys } from "../../../base/text/text";
import type { RowOf } from "../../../http/answering/answers";
import { say } from "../../../language/say";
import { countAll } from "../../../schools/costs/totals";
import { memberCount } from "../../../segments/members";
import { countMarked } from "../../../users/finding/marked";
import { EmptyState } from "../../components/bits";
import { FilterChoice, Filters, hrefWith, SearchBox, usedOf } from "../../components/forms/filters";
import { findLearners } from "../../components/forms/found-learners";
import { PickFilter, WhatWasMeant } from "../../components/forms/pick";
import { Layout, PageHead } from "../../components/frame/layout";
import { Notice } from "../../components/frame/notice";
import { GivenBy, type Givers } from "../../components/giver";
import { Moment } from "../../components/moment";
import { Pager, Table } from "../../components/table";
import { Pages } from "../../page";
import type { Ctx } from "../../visit";
import { knownWith, soughtWord } from "../../words/meant";
import { schoolWords } from "../../words/names";

/** How many learners there are, or are found by one mark; of a search it is not known. */
async function totalOf(
  c: Ctx,
  { q, tag, course, segment }: Readonly<Record<"q" | "tag" | "course" | "segment", string>>,
): Promise<Total | undefined> {
  const school = c.var.visit.school.id;
  const [one, another] = [tag && "tag", course && "course", segment && "segment"].filter((mark) => mark !== "");
  if (q !== "" || another !== undefined) return undefined;
  const most = mostCounted(c.req.query("count"));
  if (one === "tag") return { n: await countMarked(c.env, school, "tag", storedKeys(tag), most), most };
  if (one === "course") return { n: await countMarked(c.env, school, "course", [course], most), most };
  if (one === "segment") return { n: await memberCount(c.env, school, segment), most: Number.POSITIVE_INFINITY };
  return countAll(c.env, school, "users", most);
}

type Listed = RowOf<"GET /v1/users">;
type Marks = Readonly<Record<"tag" | "course" | "segment", string>>;

/** Who gave the learners of a page what they are listed by, in words. */
async function giversIn(c: Ctx, learners: readonly Listed[]): Promise<Givers> {
  const { visit } = c.var;
  const all = learners.flatMap(({ given }) => Object.values(given ?? {}).flat());
  const [words, names] = await Promise.all([
    schoolWords(c.env, visit.school.id, all),
    giverNames(c.env, visit.school.id, all),
  ]);
  return { visit, words, names };
}

/** Of a list by one mark, who gave that. */
function givenColumn(givers: Givers, { tag, course, segment }: Marks) {
  const asked = Object.entries({ tag, course, segment }).flatMap(([mark, value]) => (value === "" ? [] : [mark]));
  const [mark, another] = asked as (keyof Marks)[];
  if (mark === undefined || another !== undefined) return [];
  return [
    {
      head: mark === "course" ? say("Enrolled") : mark === "tag" ? say("Tagged") : say("Put there"),
      cell: ({ id, given }: Listed) => <GivenBy givers={given?.[mark] ?? []} user={id} of={givers} />,
    },
  ];
}

const MARKS = ["tag", "course", "segment"] as const;

export const learnersPages = new Pages();

learnersPages.get("/learners", "viewer", async (c) => {
  const visit = c.var.visit;
  const given = (name: string): string => c.req.query(name)?.trim().slice(0, 300) ?? "";
  const typed = { tag: given("tag"), segment: given("segment"), course: given("course") };
  const sought = {
    tag: await soughtWord(c, "tag", typed.tag),
    segment: await soughtWord(c, "segment", typed.segment),
    course: await soughtWord(c, "course", typed.course),
  };
  const [tag, segment, course] = [sought.tag.id, sought.segment.id, sought.course.id];
  const filters = { q: given("q"), tag, segment, course };
  const [tags, courses, segments] = await Promise.all([
    knownWith(c, "tag", tag),
    knownWith(c, "course", course),
    knownWith(c, "segment", segment),
  ]);
  const isFiltered = Object.values(filters).some((value) => value !== "");
  const sort = given("sort") === "newest" && !isFiltered ? "newest" : "";
  const order = sort === "newest" ? ("desc" as const) : ("asc" as const);
  const query = { ...filters, cursor: given("cursor"), limit: 50, order };
  // What was meant is asked above the list: what was typed finds nobody, and nothing is said of that.
  const isUnclear = MARKS.some((mark) => sought[mark].others.length > 0);
  const [page, total] = await Promise.all([
    isUnclear ? { data: [], next_cursor: null } : findLearners(visit, query),
    isUnclear ? undefined : totalOf(c, filters),
  ]);
  const givers = await giversIn(c, page.data);
  return c.html(
    <Layout title={say("Learners")} viewer={visit.viewer} section="learners">
      <PageHead title={say("Learners")}>
        {visit.mayEdit ? (
          <a class="button" href={visit.path("/import/users")}>
            {say("Import CSV")}
          </a>
        ) : null}
      </PageHead>
      <Notice c={c} />
      <Filters
        action={visit.path("/learners")}
        clear={isFiltered}
        used={usedOf(filters.tag, filters.course, filters.segment)}
        search={<SearchBox label={say("Name, email or id")} value={filters.q} wide />}
      >
        <PickFilter kind="tag" name="tag" label={say("Tag")} known={tags} value={filters.tag} />
        <PickFilter kind="course" name="course" label={say("Course")} known={courses} value={filters.course} />
        <PickFilter kind="segment" name="segment" label={say("Segment")} known={segments} value={filters.segment} />
        {isFiltered ? null : (
          <FilterChoice
            name="sort"
            label={say("Sorted by")}
            value={sort}
            options={[
              ["", say("Oldest first")],
              ["newest", say("Newest first")],
            ]}
          />
        )}
      </Filters>
      {MARKS.map((mark) => (
        <WhatWasMeant
          typed={typed[mark]}
          others={sought[mark].others}
          to={(id) => hrefWith(visit.path("/learners"), { ...filters, [mark]: id })}
        />
      ))}
      {isUnclear ? null : page.data.length === 0 ? (
        page.next_cursor !== null ? (
          <EmptyState title={say("Nobody like that so far")}>
            <p>{say("This school has many learners, and not all were looked at yet.")}</p>
            <a
              class="button"
              href={hrefWith(visit.path("/learners"), { ...filters, cursor: page.next_cursor })}
              rel="next"
            >
              {say("Look further")}
            </a>
          </EmptyState>
        ) : isFiltered ? (
          <EmptyState title={say("Nobody like that")}>
            <p>{say("The search looks in names, emails and ids.")}</p>
            <a class="button" href={visit.path("/learners")}>
              {say("Show all")}
            </a>
          </EmptyState>
        ) : (
          <EmptyState title={say("No learners yet")}>
            <p>
              {say(
                "A learner is here from their first event on, such as a sign-up. You may also import those you have.",
              )}
            </p>
            {visit.mayEdit ? (
              <a class="button is-main" href={visit.path("/import/users")}>
                {say("Import a CSV file")}
              </a>
            ) : null}
          </EmptyState>
        )
      ) : (
        <>
          <Table
            caption={say("Learners")}
            rows={page.data}
            keyOf={(learner) => learner.id}
            columns={[
              {
                head: say("Learner"),
                names: true,
                cell: (learner) => (
                  <>
                    <a href={visit.path(`/learners/${encodeURIComponent(learner.id)}`)}>
                      {learner.username || learner.email || learner.id}
                    </a>{" "}
                    <small class="soft">{learner.id}</small>
                  </>
                ),
              },
              { head: say("Email"), cell: (learner) => learner.email ?? "" },
              {
                head: say("Tags"),
                cell: (learner) =>
                  learner.tags.length ? (
                    <span class="tags">
                      {learner.tags.slice(0, 4).map((tag) => (
                        <a class="tag" href={visit.path(`/learners?tag=${encodeURIComponent(tag)}`)}>
                          {tag}
                        </a>
                      ))}
                      {learner.tags.length > 4 ? (
                        <small class="soft">{say("and {n} more", { n: learner.tags.length - 4 })}</small>
                      ) : null}
                    </span>
                  ) : null,
              },
              ...givenColumn(givers, filters),
              {
                head: say("Last seen"),
                cell: (learner) =>
                  learner.last_seen.school ? (
                    <Moment atMs={Date.parse(learner.last_seen.school)} nowMs={visit.nowMs} timezone={visit.timezone} />
                  ) : null,
              },
            ]}
          />
          <Pager page={page} at={visit.path("/learners")} filters={{ ...filters, sort }} c={c} total={total} />
        </>
      )}
    </Layout>,
  );
});
