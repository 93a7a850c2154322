import { EmptyState } from "../../components/bits";
import { Moment } from "../../components/moment";
import { Table } from "../../components/table";
import { Pages } from "../../page";
import { SettingsPage } from "./frame";

const FORMATS: Readonly<Record<string, string>> = {
  cloudevents: "CloudEvents",
  segment: "Segment",
  xapi: "xAPI",
  learnworlds: "LearnWorlds",
  moodle: "Moodle",
};

export const settingsUnusedPages = new Pages();

settingsUnusedPages.get("/settings/unused", "viewer", async (c) => {
  const { api, timezone } = c.var.visit;
  const rows = await api.all("GET /v1/unmapped");
  return c.html(
    <SettingsPage c={c} title="Messages we could not use" here="/settings/unused">
      <p class="soft after">
        What other systems sent in their own formats and says nothing to us, or breaks what an event must be. The sender
        was answered well, and nothing came of it.
      </p>
      {rows.length === 0 ? (
        <EmptyState title="Nothing here">
          <p>Every message that came in another format could be used.</p>
        </EmptyState>
      ) : (
        <Table
          caption="Messages we could not use"
          rows={rows}
          keyOf={({ format, name }) => encodeURIComponent(`${format} ${name}`)}
          columns={[
            { head: "Message", names: true, cell: ({ name }) => name },
            {
              head: "From",
              cell: ({ format }) => (Object.hasOwn(FORMATS, format) ? FORMATS[format] : format),
            },
            { head: "Times", number: true, cell: ({ count }) => count.toLocaleString("en") },
            {
              head: "Last",
              // Counted by real time, in test schools too.
              cell: ({ last_at }) => <Moment atMs={Date.parse(last_at)} nowMs={Date.now()} timezone={timezone} />,
            },
          ]}
        />
      )}
    </SettingsPage>,
  );
});
