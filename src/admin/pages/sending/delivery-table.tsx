import type { Child, FC } from "hono/jsx";
import { channels } from "../../../catalogue/channels";
import type { AnswerTo } from "../../../http/answering/answers";
import { heard } from "../../../language/heard";
import { inWords, later, say, weave } from "../../../language/say";
import { Badge, StatusBadge } from "../../components/bits";
import { Moment } from "../../components/moment";
import { Table } from "../../components/table";
import type { Visit } from "../../visit";
import { reasonInWords } from "./reasons";

export type Delivery = AnswerTo<"GET /v1/deliveries/:id">;

export const deliveryPath = (visit: Visit, id: string) => visit.path(`/deliveries/${encodeURIComponent(id)}`);

export const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

/** What a delivery is, in a line: its subject, title, event or address. */
export function headline({ channel, content }: Delivery): string {
  const found = [
    content.subject,
    content.title,
    content.event,
    content.name,
    content.url,
    content.type,
    content.body,
  ].find(isText);
  return found ? (found.length > 90 ? `${found.slice(0, 89)}…` : found) : inWords(channel);
}

/** What a mail waits for that quiet hours or the cap hold. */
const WAITS: Readonly<Record<string, string>> = {
  quiet_hours: later("quiet hours"),
  at_most: later("as many mails as may be have left"),
};

/** Whether a mail waits for quiet hours or the cap: nobody sends it sooner. */
const isHeld = ({ status, reason }: Delivery): boolean => status === "queued" && Object.hasOwn(WAITS, reason ?? "");

/** What a mail waits for; null: for nothing but the next try. */
export const waitText = (delivery: Delivery): string | null =>
  isHeld(delivery) ? inWords(WAITS[delivery.reason ?? ""] ?? "") : null;

/** Where one stands, with what keeps it there: "sent" is said of nothing that has not left. */
export const DeliveryState: FC<{ delivery: Delivery; visit: Visit }> = ({ delivery, visit }) => {
  const { status, attempts, next_attempt_at: next } = delivery;
  const error = attempts.at(-1)?.error;
  const waits = waitText(delivery);
  if (waits !== null && next !== undefined)
    return (
      <span class="inline">
        <Badge tone="warning">{say("waits")}</Badge>
        <small class="soft">
          {weave("until {moment}: {reason}", {
            moment: <Moment atMs={Date.parse(next)} nowMs={visit.nowMs} timezone={visit.timezone} named />,
            reason: waits,
          })}
        </small>
      </span>
    );
  if (status === "queued" && next !== undefined)
    return (
      <span class="inline">
        <Badge tone="warning">{say("retrying")}</Badge>
        <small class="soft">
          {weave("next try {moment}", {
            moment: <Moment atMs={Date.parse(next)} nowMs={Date.now()} timezone={visit.timezone} />,
          })}
          {error ? `: ${heard(error)}` : ""}
        </small>
      </span>
    );
  if (status === "captured" || status === "not_sent")
    return (
      <span class="inline">
        <Badge tone="warning">{say("kept")}</Badge>
        <small class="soft">{status === "captured" ? say("not sent") : say("not set up")}</small>
      </span>
    );
  return (
    <span class="inline">
      {isBounced(delivery) ? <Badge tone="failure">{say("bounced")}</Badge> : <StatusBadge status={status} />}
      {status === "failed" && error ? <small class="soft">{heard(error)}</small> : null}
      {status === "suppressed" ? <small class="soft">{reasonInWords(delivery.reason)}</small> : null}
      {delivery.opened_at === undefined ? null : (
        <small class="soft">{delivery.clicked_at === undefined ? say("opened") : say("opened, a link followed")}</small>
      )}
    </span>
  );
};

/** Whether somebody of the school wrote it: no run sent it. */
export const isByHand = ({ run_id: run, channel }: Delivery): boolean =>
  run === null && channels.some(({ name, isMail }) => name === channel && isMail === true);

/** What failed and is sent no more, as its run was undone. */
export const isUndone = ({ status, reason }: Delivery): boolean => status === "failed" && reason === "undone";

/** What had left and came back for good. */
export const isBounced = ({ status, reason }: Delivery): boolean => status === "failed" && reason === "bounced";

/** What may be sent after all. What bounced would only bounce again, unless somebody says of its address that it would not. */
export const canResend = (delivery: Delivery): boolean =>
  (delivery.status === "failed" && !isUndone(delivery) && !isBounced(delivery)) ||
  delivery.status === "not_sent" ||
  (delivery.status === "queued" && delivery.next_attempt_at !== undefined && !isHeld(delivery));

/** Deliveries in rows; shared with the page of a learner. */
export const DeliveryTable: FC<{
  rows: readonly Delivery[];
  users: ReadonlyMap<string, string>;
  automations: ReadonlyMap<string, string>;
  visit: Visit;
  /** The form that boxes tick rows for; `isAll`: somebody asked for all of them. */
  pick?: { form: string; isAll: boolean };
}> = ({ rows, users, automations, visit, pick }) => (
  <Table
    caption={say("Deliveries")}
    rows={rows}
    keyOf={(one) => one.id}
    columns={[
      ...(pick
        ? [
            {
              head: say("Select"),
              cell: (one: Delivery): Child =>
                canResend(one) ? (
                  <input
                    type="checkbox"
                    name="id"
                    value={one.id}
                    form={pick.form}
                    aria-label={say("Select “{delivery}”", { delivery: headline(one) })}
                    checked={pick.isAll}
                  />
                ) : null,
            },
          ]
        : []),
      { head: say("What"), names: true, cell: (one) => <a href={deliveryPath(visit, one.id)}>{headline(one)}</a> },
      { head: say("By"), cell: (one) => inWords(one.channel) },
      {
        head: say("For"),
        cell: (one) => (
          <a href={visit.path(`/learners/${encodeURIComponent(one.user_id)}`)}>
            {users.get(one.user_id) ?? one.user_id}
          </a>
        ),
      },
      {
        head: say("Automation"),
        cell: (one) =>
          one.automation_id === null
            ? isByHand(one) && <span class="soft">{say("by hand")}</span>
            : (automations.get(one.automation_id) ?? <span class="soft">{say("deleted")}</span>),
      },
      { head: say("State"), cell: (one) => <DeliveryState delivery={one} visit={visit} /> },
      {
        head: say("Created"),
        cell: (one) => <Moment atMs={Date.parse(one.created_at)} nowMs={visit.nowMs} timezone={visit.timezone} />,
      },
    ]}
  />
);
