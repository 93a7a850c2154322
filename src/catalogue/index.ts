import * as accountActions from "./account/actions";
import * as accountConditions from "./account/conditions";
import * as accountEvents from "./account/events";
import * as accountTriggers from "./account/triggers";
import * as assessmentConditions from "./assessment/conditions";
import * as assessmentEvents from "./assessment/events";
import * as assessmentTriggers from "./assessment/triggers";
import type { Action, AnyEntry, ConditionCard, Trigger } from "./define";
import type { Event } from "./define-event";
import * as enrolmentActions from "./enrolment/actions";
import * as enrolmentConditions from "./enrolment/conditions";
import * as enrolmentEvents from "./enrolment/events";
import * as enrolmentSuspension from "./enrolment/suspension";
import * as enrolmentTriggers from "./enrolment/triggers";
import * as groupsActions from "./groups/actions";
import * as groupsConditions from "./groups/conditions";
import * as groupsEvents from "./groups/events";
import * as groupsTriggers from "./groups/triggers";
import * as inactivityConditions from "./inactivity/conditions";
import * as inactivityEvents from "./inactivity/events";
import * as inactivityTriggers from "./inactivity/triggers";
import * as messagesActions from "./messages/actions";
import * as paymentEvents from "./payment/events";
import * as paymentRefund from "./payment/refund";
import * as paymentTriggers from "./payment/triggers";
import * as progressActions from "./progress/actions";
import * as progressConditions from "./progress/conditions";
import * as progressEvents from "./progress/events";
import * as progressTriggers from "./progress/triggers";
import * as segmentsActions from "./segments/actions";
import * as segmentsConditions from "./segments/conditions";
import * as segmentsTriggers from "./segments/triggers";
import * as tagsActions from "./tags/actions";
import * as tagsConditions from "./tags/conditions";
import * as tagsEvents from "./tags/events";
import * as tagsTriggers from "./tags/triggers";
import * as trackingActions from "./tracking/actions";
import * as trackingConditions from "./tracking/conditions";
import * as trackingDates from "./tracking/date-triggers";
import * as trackingEvents from "./tracking/events";
import * as trackingTriggers from "./tracking/triggers";

/** Exporting an entry from its subject's file registers it. */
const subjects: Record<string, unknown>[] = [
  tagsEvents,
  tagsTriggers,
  tagsConditions,
  tagsActions,
  accountEvents,
  accountTriggers,
  accountConditions,
  accountActions,
  enrolmentEvents,
  enrolmentSuspension,
  enrolmentTriggers,
  enrolmentConditions,
  enrolmentActions,
  progressEvents,
  progressTriggers,
  progressConditions,
  progressActions,
  paymentEvents,
  paymentTriggers,
  paymentRefund,
  assessmentEvents,
  assessmentTriggers,
  assessmentConditions,
  groupsEvents,
  groupsTriggers,
  groupsConditions,
  groupsActions,
  inactivityEvents,
  inactivityTriggers,
  inactivityConditions,
  segmentsTriggers,
  segmentsConditions,
  segmentsActions,
  messagesActions,
  trackingEvents,
  trackingTriggers,
  trackingDates,
  trackingConditions,
  trackingActions,
];

const isEntry = (value: unknown): value is AnyEntry =>
  typeof value === "object" && value !== null && "kind" in value && "type" in value && "label" in value;

const entries = subjects.flatMap((subject) => Object.values(subject).filter(isEntry));

function registry<K extends AnyEntry["kind"]>(kind: K): ReadonlyMap<string, Extract<AnyEntry, { kind: K }>> {
  const found = entries.filter((one): one is Extract<AnyEntry, { kind: K }> => one.kind === kind);
  return new Map(found.map((one) => [one.type, one]));
}

export const events: ReadonlyMap<string, Event> = registry("event");
export const triggers: ReadonlyMap<string, Trigger> = registry("trigger");
export const conditions: ReadonlyMap<string, ConditionCard> = registry("condition");
export const actions: ReadonlyMap<string, Action> = registry("action");

/** The event of a type, `custom.<name>` included; undefined where there is none. */
export const eventOf = (type: string): Event | undefined =>
  (type === trackingEvents.custom.type ? undefined : events.get(type)) ?? trackingEvents.customEvent(type);

/** The tags that an event, or a fact of its type, gives: as far as its data tell. */
export const tagsIn = ({ type, data }: { type: string; data: Record<string, unknown> }): string[] =>
  eventOf(type)?.tags?.of(data) ?? [];
