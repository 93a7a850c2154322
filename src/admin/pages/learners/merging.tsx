import type { FC } from "hono/jsx";
import type { AnswerTo } from "../../../http/answering/answers";
import { say, weave } from "../../../language/say";
import { EmptyState } from "../../components/bits";
import { Filters, SearchBox } from "../../components/forms/filters";
import { Form } from "../../components/forms/form";
import { findLearners } from "../../components/forms/found-learners";
import { Layout, PageHead } from "../../components/frame/layout";
import { Table } from "../../components/table";
import { Pages } from "../../page";
import { attempt, formFieldsOf, seeOther } from "../../visit";
import { RefusalNotice } from "../problem";
import { called, learnerOf, learnerPath } from "./learner-frame";

/** So many are offered; whoever is not among them is searched for more closely. */
const OFFERED = 20;

const WithId: FC<{ learner: AnswerTo<"GET /v1/users/:id"> }> = ({ learner }) => (
  <>
    <b>{called(learner)}</b> <small class="soft">{learner.id}</small>
  </>
);

export const mergingPages = new Pages();

/** First who, then what follows, then it is done. */
mergingPages.get("/learners/:id/merge", "viewer", async (c) => {
  const visit = c.var.visit;
  const learner = await learnerOf(c);
  const at = `${learnerPath(visit, learner.id)}/merge`;
  const from = c.req.query("from") ?? "";
  const other =
    from === "" || from === learner.id ? null : await visit.api.find("GET /v1/users/:id", { params: { id: from } });
  const q = c.req.query("q")?.trim().slice(0, 300) ?? "";
  const found = other || q === "" ? [] : (await findLearners(visit, { q, limit: OFFERED })).data;
  const offered = found.filter(({ id }) => id !== learner.id && !id.startsWith("lead:"));
  return c.html(
    <Layout title={say("Merge into {name}", { name: called(learner) })} viewer={visit.viewer} section="learners">
      <PageHead
        title={
          other
            ? say("Merge “{other}” into “{name}”?", { other: called(other), name: called(learner) })
            : say("Merge into “{name}”", { name: called(learner) })
        }
      />
      {other ? (
        <div class="prose">
          <p>
            {weave("{other} and {learner} become one learner, who keeps the id {id}.", {
              other: <WithId learner={other} />,
              learner: <WithId learner={learner} />,
              id: learner.id,
            })}
          </p>
          <ul>
            <li>
              {say(
                "What {name} has stays; what is empty is filled. Tags, enrolments, groups, payments and progress are those of both. Marketing is allowed only if neither said no.",
                { name: called(learner) },
              )}
            </li>
            <li>{say("Executions, messages and the timeline of both are together. Nothing starts by it.")}</li>
            <li>
              {say("{other} is gone. What the LMS still sends for {id} goes to {name}, until that one is erased.", {
                other: called(other),
                id: other.id,
                name: called(learner),
              })}
            </li>
            <li>{say("This cannot be undone.")}</li>
          </ul>
          <Form action={at} class="form">
            <input type="hidden" name="from" value={other.id} />
            <span class="inline">
              <button type="submit" class="button is-danger">
                {say("Merge for good")}
              </button>
              <a class="button" href={at}>
                {say("Choose another")}
              </a>
              <a class="button is-quiet" href={learnerPath(visit, learner.id)}>
                {say("Keep both")}
              </a>
            </span>
          </Form>
        </div>
      ) : (
        <>
          <p>
            {say("Who else is {name}? They become one learner, who keeps the id {id}.", {
              name: called(learner),
              id: learner.id,
            })}
          </p>
          <Filters
            action={at}
            clear={q !== ""}
            search={<SearchBox label={say("Id, email or name of the other")} value={q} wide />}
          />
          {q === "" ? null : offered.length === 0 ? (
            <EmptyState title={say("Nobody else like that")}>
              <p>{say("The search looks in ids, emails and names.")}</p>
            </EmptyState>
          ) : (
            <Table
              caption={say("Who may be meant")}
              rows={offered}
              keyOf={(one) => one.id}
              columns={[
                {
                  head: say("Learner"),
                  names: true,
                  cell: (one) => (
                    <>
                      {called(one)} <small class="soft">{one.id}</small>
                    </>
                  ),
                },
                { head: say("Email"), cell: (one) => one.email ?? "" },
                {
                  head: "",
                  cell: (one) => (
                    <a class="button is-small" href={`${at}?from=${encodeURIComponent(one.id)}`}>
                      {say("Merge this one…")}
                    </a>
                  ),
                },
              ]}
            />
          )}
        </>
      )}
    </Layout>,
  );
});

mergingPages.post("/learners/:id/merge", "editor", async (c) => {
  const visit = c.var.visit;
  const learner = await learnerOf(c);
  const from = (await formFieldsOf(c)).text("from");
  const { refused } = await attempt(() =>
    visit.api.call("POST /v1/users/:id/merge", { params: { id: learner.id }, body: { from } }),
  );
  if (!refused) return seeOther(c, learnerPath(visit, learner.id), { done: "merged" });
  return c.html(
    <Layout title={say("Merge into {name}", { name: called(learner) })} viewer={visit.viewer} section="learners">
      <PageHead title={say("Not merged into “{name}”", { name: called(learner) })} />
      <RefusalNotice problem={refused} />
      <p class="after">
        <a class="button" href={`${learnerPath(visit, learner.id)}/merge`}>
          {say("Choose another")}
        </a>
      </p>
    </Layout>,
    422,
  );
});
