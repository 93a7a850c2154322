import type { FC } from "hono/jsx";
import type { Trouble } from "../../../../automations/runs/trouble";
import { many, say } from "../../../../language/say";
import type { Visit } from "../../../visit";

/** Of messages in trouble so many are counted; there may be more. */
const MOST_TOLD = 1_000;

export const failedText = (n: number): string =>
  n >= MOST_TOLD
    ? say("{n} or more messages failed since yesterday", { n: MOST_TOLD })
    : many(n, "{n} message failed since yesterday", "{n} messages failed since yesterday");

export const retryingText = (n: number): string =>
  n >= MOST_TOLD
    ? say("{n} or more messages are being tried again", { n: MOST_TOLD })
    : many(n, "{n} message is being tried again", "{n} messages are being tried again");

/** What of an automation's messages does not get through, and the way to them. */
export const TroubleMark: FC<{ id: string; trouble: Trouble | undefined; visit: Visit }> = ({ id, trouble, visit }) => {
  if (!trouble) return null;
  const { failed, retrying } = trouble;
  const of = `/deliveries?automation=${encodeURIComponent(id)}`;
  return (
    <span class="failing is-line">
      {failed ? <a href={visit.path(`${of}&status=failed`)}>✕ {failedText(failed)}</a> : null}
      {failed && retrying ? "; " : null}
      {retrying ? <a href={visit.path(`${of}&status=queued`)}>↻ {retryingText(retrying)}</a> : null}
    </span>
  );
};
