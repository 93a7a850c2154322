import { figure, say } from "../../../language/say";
import { coursesWithMethods } from "../../../segments/self-enrolment/methods";
import { EmptyState } from "../../components/bits";
import { PickFilter, WhatWasMeant } from "../../components/forms/pick";
import { Layout, PageHead } from "../../components/frame/layout";
import { Pager, Table } from "../../components/table";
import { Pages } from "../../page";
import { seeOther, type Visit } from "../../visit";
import { knownOf, soughtWord } from "../../words/meant";
import { schoolWords } from "../../words/names";
import { SegmentsNav } from "../segments/segments";

/* Courses that learners enrol in by a key. */

/** Where the ways into a course are. */
export const coursePath = (visit: Visit, id: string): string => visit.path(`/courses/${encodeURIComponent(id)}`);

const PAGE = 50;

export const coursesPages = new Pages();

coursesPages.get("/courses", "viewer", async (c) => {
  const visit = c.var.visit;
  const asked = (c.req.query("course") ?? "").trim();
  const { id, others } = await soughtWord(c, "course", asked);
  if (asked !== "" && others.length === 0) return seeOther(c, coursePath(visit, id));
  const cursor = c.req.query("cursor");
  const [page, known] = await Promise.all([
    coursesWithMethods(c.env, visit.school, { limit: PAGE, cursor }),
    knownOf(c, "course"),
  ]);
  const courses = page.data;
  const words = await schoolWords(c.env, visit.school.id, courses);
  return c.html(
    <Layout title={say("Self-enrolment")} viewer={visit.viewer} section="segments">
      <PageHead title={say("Self-enrolment")} />
      <SegmentsNav visit={visit} here="/courses" />
      <WhatWasMeant typed={asked} others={others} to={(one) => coursePath(visit, one)} />
      {courses.length === 0 ? (
        <EmptyState title={say("No course has a key")}>
          <p>
            {say(
              "A key lets learners enrol themselves: they are told it, and the LMS's page asks for it. It may put them into a group, and be good for so many of them, or up to a day. Choose the course first.",
            )}
          </p>
        </EmptyState>
      ) : (
        <Table
          caption={say("Courses with keys")}
          rows={courses}
          keyOf={(one) => one.course}
          columns={[
            {
              head: say("Course"),
              names: true,
              cell: (one) => <a href={coursePath(visit, one.course)}>{words.nameOf("course", one.course)}</a>,
            },
            { head: say("Keys"), number: true, cell: (one) => figure(one.methods) },
          ]}
        />
      )}
      {page.next_cursor !== null || cursor ? <Pager page={page} at={visit.path("/courses")} c={c} /> : null}
      <form method="get" action={visit.path("/courses")} class="filters">
        <PickFilter kind="course" name="course" label={say("Course")} known={known} value="" />
        <button type="submit" class="button">
          {say("Open its keys")}
        </button>
      </form>
    </Layout>,
  );
});
