import type { FC } from "hono/jsx";
import type { AnswerTo } from "../../../http/answering/answers";
import { heard } from "../../../language/heard";
import { figure, say } from "../../../language/say";
import { EmptyState } from "../../components/bits";
import { ActionButton } from "../../components/forms/form";
import { Moment } from "../../components/moment";
import { Pager, Table } from "../../components/table";
import { Pages } from "../../page";
import { seeOther } from "../../visit";
import { SettingsPage } from "./frame";

const FORMATS: Readonly<Record<string, string>> = {
  cloudevents: "CloudEvents",
  segment: "Segment",
  xapi: "xAPI",
  learnworlds: "LearnWorlds",
  moodle: "Moodle",
  oneroster: "OneRoster",
};

type Unused = AnswerTo<"GET /v1/unmapped">["data"][number];

/** "/traits/department" as people who look at a message read it: "traits › department". */
const placeText = (path: string): string =>
  path
    .slice(1)
    .split("/")
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"))
    .join(" › ");

/** What the message was; what is wrong with a part of it, which its name says after that, has a column of its own. */
const messageText = ({ name, path }: Unused): string =>
  path === null ? name : (name.split(`: ${path === "" ? "" : `${path} `}`)[0] ?? name);

/** What was left out of it, and why. */
const LeftOut: FC<{ row: Unused }> = ({ row: { path, message } }) =>
  path === null ? (
    say("all of it")
  ) : (
    <>
      {path === "" ? say("all of it") : <code>{placeText(path)}</code>}
      {message === null ? null : (
        <>
          <br />
          <small class="soft">{heard(message)}</small>
        </>
      )}
    </>
  );

export const settingsUnusedPages = new Pages();

settingsUnusedPages.get("/settings/unused", "viewer", async (c) => {
  const { visit } = c.var;
  const { api, timezone, mayEdit } = visit;
  const path = (to: string) => visit.path(to);
  const page = await api.call("GET /v1/unmapped", { query: { limit: 100, cursor: c.req.query("cursor") } });
  const rows = page.data;
  return c.html(
    <SettingsPage c={c} title={say("Messages we could not use")} here="/settings/unused">
      <p class="soft after">
        {say(
          "What other systems sent in their own formats and says nothing to us, or could not be what it should be. The sender was answered well; of a message with one odd value the rest was taken. The last messages are kept for 7 days: once a field takes what it did not, try them again.",
        )}
      </p>
      {rows.length === 0 ? (
        <EmptyState title={say("Nothing here")}>
          <p>{say("Every message that came in another format could be used.")}</p>
        </EmptyState>
      ) : (
        <Table
          caption={say("Messages we could not use")}
          rows={rows}
          keyOf={({ id }) => id}
          columns={[
            { head: say("Message"), names: true, cell: messageText },
            { head: say("Left out"), cell: (row) => <LeftOut row={row} /> },
            {
              head: say("From"),
              cell: ({ format }) => (Object.hasOwn(FORMATS, format) ? FORMATS[format] : format),
            },
            { head: say("Times"), number: true, cell: ({ count }) => figure(count) },
            {
              head: say("Last"),
              // Counted by real time, in test schools too.
              cell: ({ last_at }) => <Moment atMs={Date.parse(last_at)} nowMs={Date.now()} timezone={timezone} />,
            },
            ...(mayEdit
              ? [
                  {
                    head: say("Again"),
                    end: true,
                    cell: (row: Unused) => (
                      <ActionButton small action={path(`/settings/unused/${row.id}/replay`)}>
                        {say("Try again")}
                        <span class="sr-only"> {messageText(row)}</span>
                      </ActionButton>
                    ),
                  },
                ]
              : []),
          ]}
        />
      )}
      {page.next_cursor !== null || c.req.query("cursor") ? (
        <Pager page={page} at={path("/settings/unused")} c={c} />
      ) : null}
    </SettingsPage>,
  );
});

settingsUnusedPages.post("/settings/unused/:id/replay", "editor", async (c) => {
  await c.var.visit.api.call("POST /v1/unmapped/:id/replay", { params: c.req.param() });
  return seeOther(c, c.var.visit.path("/settings/unused"), { done: "tried" });
});
