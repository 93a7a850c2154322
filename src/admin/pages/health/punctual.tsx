import type { FC } from "hono/jsx";
import type { AnswerTo } from "../../../http/answers";

type Health = AnswerTo<"GET /v1/health">;

const upTo = (count: number, one: string, many: string): string =>
  `${count >= 1_000 ? "1,000 or more" : count} ${count === 1 ? one : many}`;

const timeText = (ms: number): string => {
  if (ms < 1_000) return "less than a second";
  const seconds = Math.round(ms / 1_000);
  if (seconds < 120) return seconds === 1 ? "1 second" : `${seconds} seconds`;
  return `${Math.round(seconds / 60)} minutes`;
};

/** How late things were of late; nothing where there was nothing, and in a test school. */
export const Punctual: FC<Pick<Health, "lateness">> = ({ lateness }) => {
  const { deliveries } = lateness ?? {};
  return deliveries?.worst_ms == null ? null : (
    <p class="soft after">
      {deliveries.in_time === deliveries.count
        ? `Of the last ${upTo(deliveries.count, "delivery", "deliveries")} each was tried within a minute; `
        : `Of the last ${upTo(deliveries.count, "delivery", "deliveries")} ${deliveries.in_time} were tried within a minute; `}
      the longest wait was {timeText(deliveries.worst_ms)}.
    </p>
  );
};
