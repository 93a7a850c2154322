import type { FC } from "hono/jsx";
import { sumOf, type Trouble } from "../../../automations/runs/trouble";
import { say } from "../../../language/say";
import { Badge } from "../../components/bits";
import type { Visit } from "../../visit";
import { failedText, retryingText, TroubleMark } from "../automations/list/trouble-mark";

/** So many automations are named. */
const NAMED = 10;

/** Messages that do not get through, by automation, most first: what failed since yesterday, and what is tried again. */
export type Troubles = readonly (readonly [automation: string, trouble: Trouble])[];

export const worstFirst = (troubles: ReadonlyMap<string, Trouble>): Troubles =>
  [...troubles].toSorted(([, one], [, other]) => other.failed - one.failed || other.retrying - one.retrying);

/** Of which automations the names are said. */
export const namedIn = (troubles: Troubles): string[] =>
  troubles.flatMap(([id]) => (id === "" ? [] : [id])).slice(0, NAMED);

export const Troubled: FC<{ visit: Visit; troubles: Troubles; names: ReadonlyMap<string, string> }> = ({
  visit,
  troubles,
  names,
}) => {
  if (troubles.length === 0) return null;
  const { failed, retrying } = sumOf(troubles.map(([, trouble]) => trouble));
  const named = namedIn(troubles);
  return (
    <li class="panel-box">
      <p>
        <Badge tone={failed ? "failure" : "warning"}>{failed ? say("failed") : say("retrying")}</Badge>{" "}
        {[failed ? failedText(failed) : "", retrying ? retryingText(retrying) : ""].filter(Boolean).join("; ")}.
      </p>
      <ul>
        {troubles
          .filter(([id]) => named.includes(id))
          .map(([id, trouble]) => (
            <li>
              <a href={visit.path(`/automations/${encodeURIComponent(id)}`)}>
                {names.get(id) ?? say("deleted automation")}
              </a>
              <TroubleMark id={id} trouble={trouble} visit={visit} />
            </li>
          ))}
      </ul>
      <span class="inline">
        {failed ? (
          <a class="button is-small is-main" href={visit.path("/deliveries?status=failed")}>
            {say("What failed")}
          </a>
        ) : null}
        {retrying ? (
          <a
            class={failed ? "button is-small" : "button is-small is-main"}
            href={visit.path("/deliveries?status=queued")}
          >
            {say("What waits")}
          </a>
        ) : null}
      </span>
    </li>
  );
};
