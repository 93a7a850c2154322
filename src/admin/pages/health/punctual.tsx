import type { FC } from "hono/jsx";
import type { AnswerTo } from "../../../http/answering/answers";
import { figure, many, say } from "../../../language/say";

type Health = AnswerTo<"GET /v1/health">;

const MOST = 1_000;
const upTo = (count: number): string => (count >= MOST ? say("{n} or more", { n: MOST }) : figure(count));

const timeText = (ms: number): string => {
  if (ms < 1_000) return say("less than a second");
  const seconds = Math.round(ms / 1_000);
  if (seconds < 120) return many(seconds, "{n} second", "{n} seconds");
  return many(Math.round(seconds / 60), "{n} minute", "{n} minutes");
};

/** How late things were of late; nothing where there was nothing, and in a test school. */
export const Punctual: FC<Pick<Health, "lateness">> = ({ lateness }) => {
  const { deliveries } = lateness ?? {};
  if (deliveries?.worst_ms == null) return null;
  const { count, in_time: inTime } = deliveries;
  const values = { count: upTo(count), inTime: figure(inTime), wait: timeText(deliveries.worst_ms) };
  return (
    <p class="soft after">
      {inTime === count
        ? many(
            count,
            "Of the last {count} delivery each was tried within a minute; the longest wait was {wait}.",
            "Of the last {count} deliveries each was tried within a minute; the longest wait was {wait}.",
            values,
          )
        : many(
            count,
            "Of the last {count} delivery {inTime} were tried within a minute; the longest wait was {wait}.",
            "Of the last {count} deliveries {inTime} were tried within a minute; the longest wait was {wait}.",
            values,
          )}
    </p>
  );
};
