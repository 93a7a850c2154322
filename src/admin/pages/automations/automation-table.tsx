import type { FC } from "hono/jsx";
import type { AnswerTo } from "../../../http/answers";
import { Badge } from "../../components/bits";
import { Form } from "../../components/form";
import { Icon } from "../../components/icon";
import { Moment } from "../../components/moment";
import { Table } from "../../components/table";
import type { Visit } from "../../visit";
import { whoText } from "../../words/names";
import { summary, type Words } from "../../words/sentence";
import { automationPath } from "./automation-frame";

type Automation = AnswerTo<"GET /v1/automations/:id">;

/** What may be wrong with an automation, in a line with a way to the others it concerns. */
export const Warnings: FC<{
  automation: Pick<Automation, "warnings" | "stopped_by">;
  names: ReadonlyMap<string, string>;
  visit: Visit;
}> = ({ automation, names, visit }) => (
  <>
    {automation.stopped_by === "failures" ? (
      <span class="warned is-line">⚠ Stopped: too many of its steps failed. Mend it and switch it on again.</span>
    ) : null}
    {automation.warnings.map((warning) => (
      <span class="warned is-line">
        ⚠ {warning.message}{" "}
        {warning.automations?.map((id) => (
          <a href={automationPath(visit, id)}>{names.get(id) ?? id}</a>
        ))}
      </span>
    ))}
  </>
);

/** What an automation is sorted by: each leads to the others that have it. */
export const Labels: FC<{ labels: readonly string[]; visit: Visit }> = ({ labels, visit }) =>
  labels.length ? (
    <span class="inline">
      {labels.map((label) => (
        <a class="badge" href={visit.path(`/automations?label=${encodeURIComponent(label)}`)}>
          {label}
        </a>
      ))}
    </span>
  ) : null;

/** The switch in a list: what it is, and one press to change it. */
export const ActiveSwitch: FC<{ automation: Automation; back: string; visit: Visit }> = ({
  automation,
  back,
  visit,
}) =>
  visit.mayEdit ? (
    <Form action={`${automationPath(visit, automation.id)}/active`}>
      <input type="hidden" name="back" value={back} />
      <button
        type="submit"
        class="switch"
        role="switch"
        aria-checked={automation.active ? "true" : "false"}
        name="active"
        value={automation.active ? "false" : "true"}
        aria-label={`${automation.name} is ${automation.active ? "active: switch off" : "off: switch on"}`}
        title={automation.active ? "Switch off" : "Switch on"}
      >
        <span />
      </button>
    </Form>
  ) : automation.active ? (
    <Badge tone="good">active</Badge>
  ) : (
    <Badge>off</Badge>
  );

const Menu: FC<{ automation: Automation; visit: Visit }> = ({ automation, visit }) => (
  <details class="menu">
    <summary class="button is-quiet is-small" aria-label={`More for ${automation.name}`}>
      <Icon name="more" />
    </summary>
    <div class="menu-list">
      <a href={automationPath(visit, automation.id)}>Preview</a>
      <a href={`${automationPath(visit, automation.id)}/edit`}>{visit.mayEdit ? "Edit" : "Look into"}</a>
      <a href={`${automationPath(visit, automation.id)}/export.json`} download>
        Export
      </a>
      {visit.mayEdit ? (
        <>
          <Form action={`${automationPath(visit, automation.id)}/duplicate`}>
            <button type="submit">Duplicate</button>
          </Form>
          <a class="is-danger" href={`${automationPath(visit, automation.id)}/delete`}>
            Delete…
          </a>
        </>
      ) : null}
    </div>
  </details>
);

interface TableProps {
  rows: readonly Automation[];
  words: Words;
  /** Of automations, by their ids. */
  names: ReadonlyMap<string, string>;
  /** Who last changed them, by their ids. */
  by: ReadonlyMap<string, string | null>;
  visit: Visit;
  /** Where the switch leads back to. */
  here: string;
}

/** Automations in rows. */
export const AutomationTable: FC<TableProps> = ({ rows, words, names, by, visit, here }) => (
  <Table
    caption="Automations"
    rows={rows}
    keyOf={(row) => row.id}
    columns={[
      {
        head: "Name",
        names: true,
        cell: (row) => (
          <>
            <a href={automationPath(visit, row.id)}>{row.name}</a>
            <Labels labels={row.labels} visit={visit} />
            <Warnings automation={row} names={names} visit={visit} />
          </>
        ),
      },
      {
        head: "When → then",
        cell: (row) => {
          const { when, does } = summary(row, words);
          return (
            <span class="soft">
              {when} → {does}
            </span>
          );
        },
      },
      {
        head: "Executed",
        number: true,
        cell: (row) => (
          <a href={visit.path(`/executions?automation=${encodeURIComponent(row.id)}`)}>
            {row.run_count.toLocaleString("en")}
          </a>
        ),
      },
      {
        head: "Waiting",
        number: true,
        cell: (row) =>
          row.waiting_count === 0 ? (
            <span class="soft">0</span>
          ) : (
            <a href={visit.path(`/executions?automation=${encodeURIComponent(row.id)}&status=waiting`)}>
              {row.waiting_count.toLocaleString("en")}
            </a>
          ),
      },
      {
        head: "Edited",
        cell: (row) => (
          <span class="soft">
            <Moment atMs={Date.parse(row.updated_at)} nowMs={visit.nowMs} timezone={visit.timezone} />
            {by.get(row.id) ? `, ${whoText(by.get(row.id) ?? null)}` : ""}
          </span>
        ),
      },
      {
        head: "Active",
        cell: (row) => <ActiveSwitch automation={row} back={here} visit={visit} />,
      },
      { head: "More", cell: (row) => <Menu automation={row} visit={visit} /> },
    ]}
  />
);
