import type { FC } from "hono/jsx";
import { automationNames } from "../../../automations/find";
import type { RowOf } from "../../../http/answers";
import { EmptyState } from "../../components/bits";
import { Moment } from "../../components/moment";
import { Pager } from "../../components/table";
import { SpansText as Says } from "../../components/words";
import { Pages } from "../../page";
import type { Visit } from "../../visit";
import { factSentence } from "../../words/fact";
import { schoolWords } from "../../words/names";
import { capital, type Words } from "../../words/sentence";
import { LearnerPage, learnerOf, learnerPath } from "./learner-frame";

interface EntryProps {
  entry: RowOf<"GET /v1/users/:id/timeline">;
  words: Words;
  /** Of automations, by their ids. */
  names: ReadonlyMap<string, string>;
  visit: Visit;
}

/** A fact, or the run that it started. */
const Entry: FC<EntryProps> = ({ entry, words, names, visit }) => (
  <li class={entry.kind === "run" ? "is-run" : ""}>
    <span class="log-time">
      <Moment atMs={Date.parse(entry.at)} nowMs={visit.nowMs} timezone={visit.timezone} exact />
    </span>
    <div>
      {entry.kind === "run" ? (
        <>
          started{" "}
          <a href={visit.path(`/runs/${encodeURIComponent(entry.run_id)}`)}>
            {names.get(entry.automation_id) ?? "a deleted automation"}
          </a>
        </>
      ) : (
        <>
          <Says spans={capital(factSentence(entry, words))} />
          {entry.quiet ? <small class="soft"> quiet: it starts nothing</small> : null}
          {entry.event_id ? <small class="soft"> · event {entry.event_id}</small> : null}
        </>
      )}
    </div>
  </li>
);

export const timelinePages = new Pages();

timelinePages.get("/learners/:id/timeline", "viewer", async (c) => {
  const visit = c.var.visit;
  const learner = await learnerOf(c);
  const cursor = c.req.query("cursor");
  const [page, names] = await Promise.all([
    visit.api.call("GET /v1/users/:id/timeline", {
      params: { id: learner.id },
      query: { order: "desc", cursor, limit: 100 },
    }),
    automationNames(c.env, visit.school.id),
  ]);
  const words = await schoolWords(c.env, visit.school.id, page.data);
  return c.html(
    <LearnerPage c={c} visit={visit} learner={learner} tab="/timeline">
      {page.data.length === 0 ? (
        <EmptyState title="Nothing happened yet">
          <p>What becomes true of this learner stands here, with the runs it started.</p>
        </EmptyState>
      ) : (
        <>
          <ol class="log">
            {page.data.map((entry) => (
              <Entry entry={entry} words={words} names={names} visit={visit} />
            ))}
          </ol>
          <Pager page={page} at={`${learnerPath(visit, learner.id)}/timeline`} c={c} />
        </>
      )}
    </LearnerPage>,
  );
});
