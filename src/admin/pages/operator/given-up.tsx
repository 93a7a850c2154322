import type { FC } from "hono/jsx";
import type { AnswerTo } from "../../../http/answering/answers";
import { heard } from "../../../language/heard";
import { figure, inWords, later, say } from "../../../language/say";
import { addressIn, outside } from "../../address";
import { ActionButton } from "../../components/forms/form";
import { Moment } from "../../components/moment";
import { Table } from "../../components/table";

/* What no queue got done, for who runs the installation. */

export type DeadLetter = AnswerTo<"GET /v1/dead-letters/:id">;

interface Task {
  text: string;
  /** Where its school shows what it is about. */
  under?: string;
}

/** What was to be done, by the kind of the message that asked for it. */
const TASKS: Readonly<Record<string, Task>> = {
  deliver: { text: later("Send a message"), under: "/deliveries" },
  wake: { text: later("Go on with a learner") },
  wake_users: { text: later("Go on with a learner") },
  wake_school: { text: later("Go on with a school’s learners") },
  touch_users: { text: later("Bring a learner up to date") },
  scan: { text: later("Look for learners who stay away") },
  watch: { text: later("Look for learners who wait too long") },
  retain: { text: later("Shorten the log") },
  failures: { text: later("Count the failures of an automation"), under: "/automations" },
  stopped: { text: later("Tell that an automation stopped itself"), under: "/automations" },
  health: { text: later("Look at how schools do") },
  health_mail: { text: later("Mail owners that something is wrong") },
  lead: { text: later("Hand a lead over to a learner") },
  job: { text: later("Do a job"), under: "/jobs" },
  job_range: { text: later("Do a part of a job"), under: "/jobs" },
  end_held: { text: later("Delete what was held") },
  platform_job: { text: later("Do a job of the platform") },
  clear_school: { text: later("Clear away a deleted school") },
  log: { text: later("Write the log of a learner") },
  unreadable: { text: later("A message that nobody could read") },
};

const taskOf = (kind: string): Task =>
  (Object.hasOwn(TASKS, kind) ? TASKS[kind] : undefined) ?? { text: kind.replaceAll("_", " ") };

/** What it is about, in the small print: a way to it, where its school has a page of it. */
const About: FC<{ letter: DeadLetter }> = ({ letter: { kind, school_id: school, user_id: user, subject } }) => {
  const { under } = taskOf(kind);
  const within = under && subject !== null ? `${under}/${subject}` : user === null ? null : `/learners/${user}`;
  const id = subject ?? user;
  return id === null ? null : (
    <small class="soft">
      {school === null || within === null ? (
        id
      ) : (
        <a href={addressIn(school, within.split("/").map(encodeURIComponent).join("/"))}>{id}</a>
      )}
    </small>
  );
};

interface Props {
  dead: readonly DeadLetter[];
  /** Names of schools, by their ids. */
  names: ReadonlyMap<string, string>;
}

const DeadLetters: FC<Props> = ({ dead, names }) => (
  <Table
    caption={say("Given up after many tries")}
    rows={dead}
    keyOf={({ id }) => id}
    columns={[
      {
        head: say("What"),
        names: true,
        cell: (letter) => (
          <>
            {inWords(taskOf(letter.kind).text)} <About letter={letter} />
          </>
        ),
      },
      {
        head: say("School"),
        cell: ({ school_id: id }) =>
          id === null ? (
            say("none in particular")
          ) : (
            <>
              {names.get(id) ?? ""} <small class="soft">{id}</small>
            </>
          ),
      },
      { head: say("Why"), cell: ({ reason }) => (reason === null ? say("it was cut off") : heard(reason)) },
      { head: say("Tries"), number: true, cell: ({ attempts }) => figure(attempts) },
      { head: say("Last"), cell: ({ at }) => <Moment atMs={Date.parse(at)} nowMs={Date.now()} timezone="UTC" /> },
      {
        head: say("Again"),
        end: true,
        cell: ({ id, kind }) =>
          kind === "unreadable" ? (
            say("nothing of it was kept")
          ) : (
            <ActionButton small action={outside(`/operator/dead-letters/${encodeURIComponent(id)}/retry`)}>
              {say("Try again")}
              <span class="sr-only">
                {" "}
                {inWords(taskOf(kind).text)} {id}
              </span>
            </ActionButton>
          ),
      },
    ]}
  />
);

/** What was given up, with a way to have it tried again. */
export const GivenUp: FC<Props> = ({ dead, names }) =>
  dead.length ? (
    <>
      <h2 class="part">{say("Given up")}</h2>
      <p class="soft">
        {say(
          "What no queue got done after many tries, the oldest first. Most of it comes back by itself; once its cause is mended, have it tried again.",
        )}
      </p>
      <DeadLetters dead={dead} names={names} />
    </>
  ) : null;
