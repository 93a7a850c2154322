import type { FC } from "hono/jsx";
import type { AnswerTo } from "../../../http/answering/answers";
import { say } from "../../../language/say";
import type { MonthCost } from "../../../schools/costs/costs";
import type { Operations } from "../../../schools/platform/operations";
import { addressIn, outside, pathOfBefore } from "../../address";
import { Badge, EmptyState } from "../../components/bits";
import { Filters, SearchBox } from "../../components/forms/filters";
import { ActionButton, AskedButton } from "../../components/forms/form";
import { Table } from "../../components/table";
import { jurisdictionName } from "../../words/values/jurisdiction";
import { Cost } from "./costs";
import { Doing, upTo } from "./doing";
import { Quota, type QuotaRefused } from "./quota";

/* The schools of an installation, a row each, and the search for one. */

export type School = AnswerTo<"GET /v1/schools/:id">;

const suspendedPath = (id: string): string => outside(`/operator/${encodeURIComponent(id)}/suspended`);

/** By a name's beginning or a whole id. `onward` is kept: where somebody was on the way to. */
export const FindSchool: FC<{ wanted: string; onward: string }> = ({ wanted, onward }) => (
  <Filters
    action={outside("/operator")}
    clear={wanted !== ""}
    search={
      <>
        {onward === "" ? null : <input type="hidden" name="next" value={onward} />}
        <SearchBox name="school" label={say("Name or id of a school")} value={wanted} />
      </>
    }
  />
);

export const NoSchools: FC<{ wanted: string }> = ({ wanted }) =>
  wanted === "" ? (
    <EmptyState title={say("No schools yet")}>
      <p>{say("A school is a tenant: its learners, automations and keys are its own. Create the first one below.")}</p>
    </EmptyState>
  ) : (
    <EmptyState title={say("No school is called {name} or has that id", { name: wanted })}>
      <p>
        {say("A name is found by how it begins; an id is written in full, as in the addresses of a school’s pages.")}
      </p>
    </EmptyState>
  );

interface SchoolsProps {
  schools: readonly School[];
  doing: ReadonlyMap<string, Operations>;
  costs: ReadonlyMap<string, readonly MonthCost[]>;
  /** Where a school is opened. */
  next: string;
  quota: QuotaRefused | undefined;
}

export const Schools: FC<SchoolsProps> = ({ schools, doing, costs, next, quota }) => (
  <Table
    caption={say("Schools")}
    rows={schools}
    keyOf={(school) => school.id}
    columns={[
      {
        head: say("Name"),
        names: true,
        cell: (school) => (
          <>
            {school.name}{" "}
            <small class="soft">
              {school.id}, {say("Collaborators")}: {school.settings.collaborators.length}
            </small>{" "}
            {school.mode === "test" ? <Badge>{say("test@mode")}</Badge> : null}{" "}
            {school.jurisdiction ? <Badge>{jurisdictionName(school.jurisdiction)}</Badge> : null}
          </>
        ),
      },
      {
        head: say("Health"),
        cell: ({ id, suspended }) => <Doing of={doing.get(id)} suspended={suspended} />,
      },
      {
        head: say("On the way"),
        number: true,
        cell: ({ id }) => (
          <>
            {upTo(doing.get(id)?.queued)}{" "}
            <small class="soft">
              {say("Jobs")}: {upTo(doing.get(id)?.jobs)}
            </small>
          </>
        ),
      },
      { head: say("Cost this month"), number: true, cell: ({ id }) => <Cost of={costs.get(id)} /> },
      {
        head: say("Requests a minute"),
        number: true,
        cell: (school) => <Quota school={school} refused={quota} />,
      },
      {
        head: say("Actions"),
        end: true,
        cell: (school) => (
          <span class="inline is-end">
            <a class="button is-small" href={addressIn(school.id, pathOfBefore(next))}>
              {say("Open@verb")}
              <span class="sr-only"> {school.name}</span>
            </a>
            {school.suspended ? (
              <ActionButton small action={suspendedPath(school.id)} fields={{ suspended: "false" }}>
                {say("Let it go on")}
                <span class="sr-only"> {school.name}</span>
              </ActionButton>
            ) : (
              <AskedButton
                small
                ask={say("Suspend…")}
                of={school.name}
                follows={say("Its keys are refused and nothing happens in it, until you let it go on.")}
                action={suspendedPath(school.id)}
                fields={{ suspended: "true" }}
              >
                {say("Suspend it")}
              </AskedButton>
            )}
          </span>
        ),
      },
    ]}
  />
);
