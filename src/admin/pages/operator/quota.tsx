import type { FC } from "hono/jsx";
import { QUOTA } from "../../../base/env";
import type { Problem } from "../../../base/errors/errors";
import { heard } from "../../../language/heard";
import { figure, say } from "../../../language/say";
import { outside } from "../../address";
import { FormField } from "../../components/forms/form";

/* How much a school may send: what it is, and behind a button the way to change it. */

/** What was asked for a school, and refused. */
export interface QuotaRefused {
  school: string;
  asked: string;
  problem: Problem;
}

/** What was written, as the API takes it: of what is no number it says so itself. */
export function quotaIn(written: string): number | string | null {
  if (written === "") return null;
  const number = Number(written);
  return Number.isFinite(number) ? number : written;
}

interface QuotaProps {
  school: { id: string; name: string; requests_per_minute: number | null };
  refused: QuotaRefused | undefined;
}

export const Quota: FC<QuotaProps> = ({ school, refused }) => {
  if (school.requests_per_minute === null) return <>{say("not counted")}</>;
  const id = `quota-${school.id}`;
  const own = refused?.school === school.id ? refused : undefined;
  const message = own?.problem.faults?.[0]?.message ?? own?.problem.detail;
  return (
    <>
      {figure(school.requests_per_minute)}{" "}
      <details class="ask" open={own !== undefined}>
        <summary class="button is-small is-quiet">
          {say("Change…")}
          <span class="sr-only"> {school.name}</span>
        </summary>
        <div class="ask-box is-plain">
          <form method="post" action={outside(`/operator/${encodeURIComponent(school.id)}/quota`)} class="form">
            <FormField
              id={id}
              label={say("Requests a minute")}
              hint={say("From {least} to {most}; empty: what is usual here.", {
                least: figure(QUOTA.least),
                most: figure(QUOTA.most),
              })}
              fault={message === undefined ? undefined : heard(message)}
            >
              <input
                id={id}
                name="requests_per_minute"
                type="number"
                min={QUOTA.least}
                max={QUOTA.most}
                value={own ? own.asked : String(school.requests_per_minute)}
                aria-describedby={`${id}-says`}
                aria-invalid={own ? "true" : undefined}
              />
            </FormField>
            <button type="submit" class="button is-small is-main">
              {say("Save")}
              <span class="sr-only"> {school.name}</span>
            </button>
          </form>
        </div>
      </details>
    </>
  );
};
