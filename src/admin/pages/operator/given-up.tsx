import type { FC } from "hono/jsx";
import type { AnswerTo } from "../../../http/answers";
import { heard } from "../../../language/heard";
import { figure, inWords, say } from "../../../language/say";
import { outside } from "../../address";
import { ActionButton } from "../../components/form";
import { Moment } from "../../components/moment";
import { Table } from "../../components/table";

/* What no queue got done, for who runs the installation. */

export type DeadLetter = AnswerTo<"GET /v1/dead-letters/:id">;

const DeadLetters: FC<{ dead: readonly DeadLetter[] }> = ({ dead }) => (
  <Table
    caption={say("Given up after many tries")}
    rows={dead}
    keyOf={({ id }) => id}
    columns={[
      {
        head: say("What"),
        names: true,
        cell: ({ kind, subject }) => (
          <>
            {inWords(kind.replaceAll("_", " "))} {subject === null ? null : <small class="soft">{subject}</small>}
          </>
        ),
      },
      { head: say("School"), cell: ({ school_id }) => school_id ?? say("none in particular") },
      { head: say("Why"), cell: ({ reason }) => (reason === null ? say("it was cut off") : heard(reason)) },
      { head: say("Tries"), number: true, cell: ({ attempts }) => figure(attempts) },
      { head: say("Last"), cell: ({ at }) => <Moment atMs={Date.parse(at)} nowMs={Date.now()} timezone="UTC" /> },
      {
        head: say("Again"),
        cell: ({ id, kind }) =>
          kind === "unreadable" ? (
            say("nothing of it was kept")
          ) : (
            <ActionButton small action={outside(`/operator/dead-letters/${encodeURIComponent(id)}/retry`)}>
              {say("Try again")}
              <span class="sr-only">
                {" "}
                {kind} {id}
              </span>
            </ActionButton>
          ),
      },
    ]}
  />
);

/** What was given up, with a way to have it tried again. */
export const GivenUp: FC<{ dead: readonly DeadLetter[] }> = ({ dead }) =>
  dead.length ? (
    <>
      <h2 class="part">{say("Given up")}</h2>
      <p class="soft">
        {say(
          "What no queue got done after many tries, the oldest first. Most of it comes back by itself; once its cause is mended, have it tried again.",
        )}
      </p>
      <DeadLetters dead={dead} />
    </>
  ) : null;
