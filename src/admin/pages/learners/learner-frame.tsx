import type { Child, FC } from "hono/jsx";
import type { AnswerTo } from "../../../http/answering/answers";
import { later, say } from "../../../language/say";
import { Banner } from "../../components/bits";
import { Layout, PageHead } from "../../components/frame/layout";
import { Notice } from "../../components/frame/notice";
import type { Ctx, Visit } from "../../visit";

type Learner = AnswerTo<"GET /v1/users/:id">;

/** Where the pages of a learner are. */
export const learnerPath = (visit: Visit, id: string) => visit.path(`/learners/${encodeURIComponent(id)}`);

export const called = (learner: Pick<Learner, "id" | "username" | "email">) =>
  learner.username || learner.email || learner.id;

const TABS = [
  ["", later("Profile")],
  ["/timeline", later("Timeline")],
  ["/runs", later("Executions")],
  ["/messages", later("Messages")],
  ["/payments", later("Payments")],
  ["/why", later("Why, or why not?")],
  ["/act", later("Act")],
] as const;
type Tab = (typeof TABS)[number][0];

/** The head that all pages of one learner share. */
export const LearnerPage: FC<{ c: Ctx; visit: Visit; learner: Learner; tab: Tab; children?: Child }> = ({
  c,
  visit,
  learner,
  tab,
  children,
}) => (
  <Layout title={called(learner)} viewer={visit.viewer} section="learners">
    <PageHead title={called(learner)}>
      <a class="button" href={`${learnerPath(visit, learner.id)}/export`} download>
        {say("Export")}
      </a>
      {visit.mayEdit ? (
        <a class="button" href={`${learnerPath(visit, learner.id)}/change`}>
          {say("Change…")}
        </a>
      ) : null}
      {visit.mayEdit && !learner.id.startsWith("lead:") ? (
        <a class="button" href={`${learnerPath(visit, learner.id)}/merge`}>
          {say("Merge…")}
        </a>
      ) : null}
      {visit.mayEdit ? (
        <a class="button is-danger" href={`${learnerPath(visit, learner.id)}/erase`}>
          {say("Erase…")}
        </a>
      ) : null}
    </PageHead>
    <nav class="tabs" aria-label={say("Of this learner")}>
      {TABS.filter(([end]) => visit.mayEdit || end !== "/act").map(([end, label]) => (
        <a href={learnerPath(visit, learner.id) + end} aria-current={tab === end ? "page" : undefined}>
          {say(label)}
        </a>
      ))}
    </nav>
    <Notice c={c} />
    {children}
  </Layout>
);

/** The learner of an address. */
export const learnerOf = (c: Ctx): Promise<Learner> =>
  c.var.visit.api.call("GET /v1/users/:id", { params: { id: c.req.param("id") ?? "" } });

/** What viewers see where others act. */
export async function onlyLooking(c: Ctx) {
  return c.html(
    <LearnerPage c={c} visit={c.var.visit} learner={await learnerOf(c)} tab="">
      <Banner>{say("You can look at learners. Changing them takes an editor or an owner.")}</Banner>
    </LearnerPage>,
  );
}
