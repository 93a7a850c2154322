import type { FC } from "hono/jsx";
import type { HeldKind } from "../../../held/hold";
import { MOST_AT_ONCE } from "../../../held/many";
import { dateIn, say, weave } from "../../../language/say";
import type { Visit } from "../../visit";
import { Banner } from "../bits";
import { ActionButton, Form } from "../forms/form";
import { exactText } from "../moment";

/* What is to be deleted, and the way back: deletes of definitions in the UI are held for a while. */

/** Where the pages of each kind are: one's at its id below it. */
export const PLACES: Readonly<Record<HeldKind, string>> = {
  automation: "/automations",
  segment_sync: "/syncs",
  auto_group: "/auto-groups",
  segment: "/segments",
  segment_rule: "/rules",
  profile_field: "/settings/fields",
};

export const isHeldKind = (text: string): text is HeldKind => Object.hasOwn(PLACES, text);

export const placeOf = (visit: Visit, kind: HeldKind, id: string): string =>
  visit.path(`${PLACES[kind]}/${encodeURIComponent(id)}`);

/** A definition as far as it may be held. */
interface Holdable {
  delete_at?: string;
}

/** Who looks at one that is held changes nothing of it but by the ways below. */
export const lookingAt = (visit: Visit, { delete_at }: Holdable): Visit =>
  delete_at === undefined ? visit : { ...visit, mayEdit: false };

const DAY_MS = 86_400_000;

/** "14:05", beyond a day with the day. */
function untilText(atMs: number, { nowMs, timezone }: Pick<Visit, "nowMs" | "timezone">): string {
  const time = { hour: "2-digit", minute: "2-digit", timeZone: timezone } as const;
  const day = { weekday: "short", day: "numeric", month: "short" } as const;
  return dateIn(atMs, atMs - nowMs < DAY_MS ? time : { ...day, ...time });
}

const Until: FC<{ visit: Visit; at: string }> = ({ visit, at }) => (
  <time datetime={at} title={`${exactText(Date.parse(at), visit.timezone)} (${visit.timezone})`}>
    {untilText(Date.parse(at), visit)}
  </time>
);

/** @param props `what`: what it is called, where several stand on a page */
const Ways: FC<{ visit: Visit; kind: HeldKind; id: string; what?: string }> = ({ visit, kind, id, what }) =>
  visit.mayEdit ? (
    <span class="inline">
      <ActionButton small action={`${placeOf(visit, kind, id)}/restore`}>
        {say("Undo")}
        {what === undefined ? null : <span class="sr-only"> {say("the deletion of {what}", { what })}</span>}
      </ActionButton>
      <ActionButton small action={`${placeOf(visit, kind, id)}/delete-now`} tone="danger">
        {say("Delete now")}
        {what === undefined ? null : <span class="sr-only"> {what}</span>}
      </ActionButton>
    </span>
  ) : null;

/** On the page of one that is held. */
export const HeldBanner: FC<{ visit: Visit; kind: HeldKind; id: string; thing: Holdable }> = ({
  visit,
  kind,
  id,
  thing: { delete_at },
}) =>
  delete_at === undefined ? null : (
    <Banner tone="warning">
      <span>
        {weave(
          "⚠ It is deleted at {time}. Until then it gives nothing new and takes nothing away, and can be had back as it was.",
          { time: <Until visit={visit} at={delete_at} /> },
        )}
      </span>
      <Ways visit={visit} kind={kind} id={id} />
    </Banner>
  );

/** More of a kind are not shown under its list. */
export const HELD_SHOWN = 100;

export interface HeldRow {
  id: string;
  name: string;
  delete_at: string;
}

/** Has all of them back, which were perhaps deleted together. @param props `action`: takes verbs on many */
const UndoAll: FC<{ action: string; rows: readonly HeldRow[] }> = ({ action, rows }) => (
  <Form action={action} class="after">
    <input type="hidden" name="do" value="restore" />
    {rows.map(({ id }) => (
      <input type="hidden" name="id" value={id} />
    ))}
    <button type="submit" class="button">
      {say("Undo all {n} deletions", { n: rows.length })}
    </button>
  </Form>
);

interface HeldListProps {
  visit: Visit;
  kind: HeldKind;
  rows: readonly HeldRow[];
  /** Where verbs on many go, for kinds that have them. */
  many?: string;
}

/** Under a list: what of it is being deleted. Nothing where there is none. */
export const HeldList: FC<HeldListProps> = ({ visit, kind, rows, many }) =>
  rows.length === 0 ? null : (
    <section aria-labelledby={`held-${kind}`}>
      <h2 class="part" id={`held-${kind}`}>
        {say("Being deleted")}
      </h2>
      <ul class="stack">
        {rows.map(({ id, name, delete_at }) => (
          <li class="panel-box">
            <span class="inline">
              <b>{name}</b>{" "}
              <span class="soft">{weave("until {time}", { time: <Until visit={visit} at={delete_at} /> })}</span>
              <Ways visit={visit} kind={kind} id={id} what={name} />
            </span>
          </li>
        ))}
      </ul>
      {many !== undefined && visit.mayEdit && rows.length > 1 ? (
        <UndoAll action={many} rows={rows.slice(0, MOST_AT_ONCE)} />
      ) : null}
    </section>
  );

/** Those of a list of deleted ones, as they are told under a list of the others. */
export const heldRows = <T extends Holdable>(
  list: readonly T[],
  told: (one: T) => { id: string; name: string },
): HeldRow[] =>
  list.flatMap((one) => (one.delete_at === undefined ? [] : [{ ...told(one), delete_at: one.delete_at }]));
