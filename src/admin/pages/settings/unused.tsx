import type { AnswerTo } from "../../../http/answers";
import { figure, say } from "../../../language/say";
import { EmptyState } from "../../components/bits";
import { ActionButton } from "../../components/form";
import { Moment } from "../../components/moment";
import { Table } from "../../components/table";
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

export const settingsUnusedPages = new Pages();

settingsUnusedPages.get("/settings/unused", "viewer", async (c) => {
  const { visit } = c.var;
  const { api, timezone, mayEdit } = visit;
  const path = (to: string) => visit.path(to);
  const rows = await api.all("GET /v1/unmapped");
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
            { head: say("Message"), names: true, cell: ({ name }) => name },
            { head: say("Left out"), cell: ({ path }) => (path ? <code>{path}</code> : say("all of it")) },
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
                    cell: ({ id, name }: Unused) => (
                      <ActionButton small action={path(`/settings/unused/${id}/replay`)}>
                        {say("Try again")}
                        <span class="sr-only"> {name}</span>
                      </ActionButton>
                    ),
                  },
                ]
              : []),
          ]}
        />
      )}
    </SettingsPage>,
  );
});

settingsUnusedPages.post("/settings/unused/:id/replay", "editor", async (c) => {
  await c.var.visit.api.call("POST /v1/unmapped/:id/replay", { params: c.req.param() });
  return seeOther(c, c.var.visit.path("/settings/unused"), { done: "tried" });
});
