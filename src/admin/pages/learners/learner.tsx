import { automationNames, automationStates } from "../../../automations/find";
import { giverNames } from "../../../automations/givers";
import { say } from "../../../language/say";
import { EmptyState } from "../../components/bits";
import { eventsIn } from "../../components/giver";
import { Pager } from "../../components/table";
import { Pages } from "../../page";
import { schoolWords } from "../../words/names";
import { RunTable } from "../automations/runs/executions";
import { DeliveryTable } from "../sending/delivery-table";
import { called, LearnerPage, learnerOf, learnerPath } from "./learner-frame";
import { giversOf, Profile } from "./profile";

export const learnerPages = new Pages();

learnerPages.get("/learners/:id", "viewer", async (c) => {
  const visit = c.var.visit;
  const learner = await learnerOf(c);
  const { email } = learner;
  // What gave something is mostly among the last that happened.
  const recent = await visit.api.call("GET /v1/users/:id/timeline", {
    params: { id: learner.id },
    query: { order: "desc", limit: 100 },
  });
  const [words, names, declared, suppression] = await Promise.all([
    schoolWords(c.env, visit.school.id, learner, recent.data),
    giverNames(c.env, visit.school.id, giversOf(learner)),
    visit.api.all("GET /v1/profile-fields"),
    email === null ? null : visit.api.find("GET /v1/suppressions/:id", { params: { id: email } }),
  ]);
  const givers = { visit, words, names, events: eventsIn(recent.data, words) };
  return c.html(
    <LearnerPage c={c} visit={visit} learner={learner} tab="">
      <Profile learner={learner} givers={givers} declared={declared} suppression={suppression} />
    </LearnerPage>,
  );
});

learnerPages.get("/learners/:id/export", "viewer", async (c) => {
  const held = await c.var.visit.api.call("GET /v1/users/:id/export", { params: c.req.param() });
  const name = c.req.param("id").replaceAll(/[^A-Za-z0-9_-]/g, "_");
  return c.body(JSON.stringify(held, null, 2), 200, {
    "content-type": "application/json",
    "content-disposition": `attachment; filename="learner-${name}.json"`,
  });
});

learnerPages.get("/learners/:id/runs", "viewer", async (c) => {
  const visit = c.var.visit;
  const learner = await learnerOf(c);
  const cursor = c.req.query("cursor");
  const page = await visit.api.call("GET /v1/runs", { query: { user: learner.id, order: "desc", cursor, limit: 50 } });
  const [automations, words] = await Promise.all([
    automationStates(
      c.env,
      visit.school.id,
      page.data.map((run) => run.automation_id),
    ),
    schoolWords(c.env, visit.school.id, page.data),
  ]);
  return c.html(
    <LearnerPage c={c} visit={visit} learner={learner} tab="/runs">
      {page.data.length === 0 ? (
        <EmptyState title={say("No executions")}>
          <p>{say("No automation has run for {name} yet.", { name: called(learner) })}</p>
          <a class="button" href={`${learnerPath(visit, learner.id)}/why`}>
            {say("Ask why")}
          </a>
        </EmptyState>
      ) : (
        <>
          <RunTable
            runs={page.data}
            automations={automations}
            users={new Map([[learner.id, called(learner)]])}
            words={words}
            visit={visit}
          />
          <Pager page={page} at={`${learnerPath(visit, learner.id)}/runs`} c={c} />
        </>
      )}
    </LearnerPage>,
  );
});

learnerPages.get("/learners/:id/messages", "viewer", async (c) => {
  const visit = c.var.visit;
  const learner = await learnerOf(c);
  const cursor = c.req.query("cursor");
  const page = await visit.api.call("GET /v1/deliveries", {
    query: { user: learner.id, order: "desc", cursor, limit: 50 },
  });
  return c.html(
    <LearnerPage c={c} visit={visit} learner={learner} tab="/messages">
      {page.data.length === 0 ? (
        <EmptyState title={say("No messages")}>
          <p>
            {say(
              "Mail, pushes, messages and calls that automations made for {name} are shown here, exactly as they were made.",
              { name: called(learner) },
            )}
          </p>
        </EmptyState>
      ) : (
        <>
          <DeliveryTable
            rows={page.data}
            users={new Map([[learner.id, called(learner)]])}
            automations={
              await automationNames(
                c.env,
                visit.school.id,
                page.data.flatMap((one) => one.automation_id ?? []),
              )
            }
            visit={visit}
          />
          <Pager page={page} at={`${learnerPath(visit, learner.id)}/messages`} c={c} />
        </>
      )}
    </LearnerPage>,
  );
});
