import type { FC } from "hono/jsx";
import type { Trouble } from "../../../../automations/runs/trouble";
import type { AnswerTo } from "../../../../http/answering/answers";
import { figure, say } from "../../../../language/say";
import { Badge } from "../../../components/bits";
import { Form } from "../../../components/forms/form";
import { Menu } from "../../../components/frame/menu";
import { Moment } from "../../../components/moment";
import { Table } from "../../../components/table";
import { Unbroken } from "../../../components/words";
import type { Visit } from "../../../visit";
import { summary, type Words } from "../../../words/sentences/sentence";
import { automationPath } from "../automation-frame";
import { ShortWarnings } from "../warnings";
import { PickRow } from "./many-form";
import { TroubleMark } from "./trouble-mark";

type Automation = AnswerTo<"GET /v1/automations/:id">;

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
        aria-label={
          automation.active
            ? say("{name} is active: switch off", { name: automation.name })
            : say("{name} is off: switch on", { name: automation.name })
        }
        title={automation.active ? say("Switch off") : say("Switch on")}
      >
        <span />
      </button>
    </Form>
  ) : automation.active ? (
    <Badge tone="good">{say("active")}</Badge>
  ) : (
    <Badge>{say("off")}</Badge>
  );

const RowMenu: FC<{ automation: Automation; visit: Visit }> = ({ automation, visit }) => (
  <Menu small label={say("More for {name}", { name: automation.name })}>
    <a href={automationPath(visit, automation.id)}>{say("Preview")}</a>
    <a href={`${automationPath(visit, automation.id)}/edit`}>{visit.mayEdit ? say("Edit") : say("Look inside")}</a>
    <a href={`${automationPath(visit, automation.id)}/export.json`} download>
      {say("Export")}
    </a>
    {visit.mayEdit ? (
      <>
        <Form action={`${automationPath(visit, automation.id)}/duplicate`}>
          <button type="submit">{say("Duplicate")}</button>
        </Form>
        <a class="is-danger" href={`${automationPath(visit, automation.id)}/delete`}>
          {say("Delete…")}
        </a>
      </>
    ) : null}
  </Menu>
);

interface TableProps {
  rows: readonly Automation[];
  words: Words;
  /** Of automations, by their ids. */
  names: ReadonlyMap<string, string>;
  /** Who last changed them, by their ids. */
  by: ReadonlyMap<string, string>;
  /** Whose messages do not get through. */
  trouble: ReadonlyMap<string, Trouble>;
  visit: Visit;
  /** Where the switch leads back to. */
  here: string;
}

/** Automations in rows. */
export const AutomationTable: FC<TableProps> = ({ rows, words, names, by, trouble, visit, here }) => (
  <Table
    caption={say("Automations")}
    rows={rows}
    keyOf={(row) => row.id}
    columns={[
      {
        head: say("Name"),
        names: true,
        cell: (row) => (
          <>
            {visit.mayEdit ? <PickRow id={row.id} name={row.name} /> : null}{" "}
            <a href={automationPath(visit, row.id)}>{row.name}</a>
            <Labels labels={row.labels} visit={visit} />
            <TroubleMark id={row.id} trouble={trouble.get(row.id)} visit={visit} />
            <ShortWarnings automation={row} {...{ names, words, visit }} back={here} />
          </>
        ),
      },
      {
        head: say("When → then"),
        cell: (row) => {
          const { when, does } = summary(row, words);
          return (
            <span class="soft">
              <Unbroken text={`${when} → ${does}`} />
            </span>
          );
        },
      },
      {
        head: say("Executed"),
        number: true,
        cell: (row) => (
          <a href={visit.path(`/executions?automation=${encodeURIComponent(row.id)}`)}>{figure(row.run_count)}</a>
        ),
      },
      {
        head: say("Waiting"),
        number: true,
        cell: (row) =>
          row.waiting_count === 0 ? (
            <span class="soft">0</span>
          ) : (
            <a href={visit.path(`/executions?automation=${encodeURIComponent(row.id)}&status=waiting`)}>
              {figure(row.waiting_count)}
            </a>
          ),
      },
      {
        head: say("Edited"),
        cell: (row) => (
          <span class="soft">
            <Moment atMs={Date.parse(row.updated_at)} nowMs={visit.nowMs} timezone={visit.timezone} />
            {by.get(row.id) ? `, ${by.get(row.id)}` : ""}
          </span>
        ),
      },
      {
        head: say("Active"),
        cell: (row) => <ActiveSwitch automation={row} back={here} visit={visit} />,
      },
      { head: say("Actions"), end: true, cell: (row) => <RowMenu automation={row} visit={visit} /> },
    ]}
  />
);
