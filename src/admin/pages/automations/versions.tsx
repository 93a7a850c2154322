import type { FC } from "hono/jsx";
import type { Draft } from "../../../definition/types";
import type { RowOf } from "../../../http/answers";
import { Badge } from "../../components/bits";
import { ActionButton } from "../../components/form";
import { Moment } from "../../components/moment";
import { SpansText as Says } from "../../components/words";
import { Pages } from "../../page";
import { seeOther } from "../../visit";
import { schoolWords, whoText } from "../../words/names";
import { sentence } from "../../words/sentence";
import { AutomationPage, automationPath } from "./automation-frame";
import { type Change, changes } from "./diff";

const MARKS: Readonly<Record<Change["kind"], readonly [mark: string, word: string]>> = {
  added: ["+", "added"],
  removed: ["−", "removed"],
  changed: ["~", "changed"],
  moved: ["↕", "moved"],
};

/** Differences in words. */
export const Changes: FC<{ changes: readonly Change[] }> = ({ changes: all }) => (
  <ul class="changes">
    {all.map((change) => {
      const [mark, word] = MARKS[change.kind];
      return (
        <li class={`is-${change.kind}`}>
          <span class="change-mark" aria-hidden="true">
            {mark}
          </span>
          <span>
            <span class="sr-only">{word}: </span>
            <Says spans={change.what} />
          </span>
        </li>
      );
    })}
  </ul>
);

type Version = RowOf<"GET /v1/automations/:id/versions">;

const definitionOf = (version: Version, name: string): Draft => ({
  ...version,
  name,
  description: "",
  active: true,
  labels: [],
  note: "",
  goal: null,
});

export const versionsPages = new Pages();

versionsPages.get("/automations/:id/versions", "viewer", async (c) => {
  const visit = c.var.visit;
  const automation = await visit.api.call("GET /v1/automations/:id", { params: c.req.param() });
  const versions = await visit.api.all("GET /v1/automations/:id/versions", { params: c.req.param() });
  const words = await schoolWords(c.env, visit.school.id, versions);
  const shown = versions.map((version, index) => ({ version, before: versions[index - 1] })).reverse();
  return c.html(
    <AutomationPage c={c} visit={visit} automation={automation} tab="/versions">
      <p class="soft">
        A run finishes on the version it began on. Name, description and the switch make no new version.
      </p>
      <ol class="stack">
        {shown.map(({ version, before }) => (
          <li class="panel-box">
            <h2>
              Version {version.version}{" "}
              {version.version === automation.version ? <Badge tone="good">in use</Badge> : null}
            </h2>
            <p class="soft">
              <Moment atMs={Date.parse(version.created_at)} nowMs={visit.nowMs} timezone={visit.timezone} />
              {version.created_by ? `, ${whoText(version.created_by)}` : ""}
            </p>
            {before ? (
              <Changes changes={changes(definitionOf(before, ""), definitionOf(version, ""), words)} />
            ) : (
              <p>
                <Says spans={sentence(definitionOf(version, ""), words)} />
              </p>
            )}
            {version.version === automation.version || !visit.mayEdit ? null : (
              <ActionButton action={`${automationPath(visit, automation.id)}/versions/${version.version}`}>
                Go back to this version
              </ActionButton>
            )}
          </li>
        ))}
      </ol>
    </AutomationPage>,
  );
});

versionsPages.post("/automations/:id/versions/:version", "editor", async (c) => {
  const { api } = c.var.visit;
  const id = c.req.param("id");
  const versions = await api.all("GET /v1/automations/:id/versions", { params: { id } });
  const found = versions.find((one) => String(one.version) === c.req.param("version"));
  if (found) {
    const { version: _, created_at: __, created_by: ___, ...definition } = found;
    await api.call("PATCH /v1/automations/:id", { params: { id }, body: definition });
  }
  return seeOther(c, `${automationPath(c.var.visit, id)}/versions`, { done: "saved" });
});
