import { figure, many, say } from "../../language/say";

/** How far something slow got. Of what is read as it goes it is not known how much is left. */
export const howFar = (done: number, total: number, isLive: boolean): string => {
  if (isLive && done >= total) return done === 0 ? say("just begun") : say("{n} so far", { n: done });
  return total === 0 ? say("nothing to do") : say("{n} of {total}", { n: done, total });
};

const MINUTE_MS = 60_000;
/** From so many minutes on it is told in hours. */
const MOST_MINUTES = 120;

/**
 * How fast something slow goes, and how long it still takes; empty: that cannot be told.
 * @param lately how many a second; `endsAt`: when it would end, as text
 */
export function howFast(lately: number | null, endsAt: string | null, nowMs: number): string {
  if (!lately) return "";
  const n = figure(lately, { maximumFractionDigits: lately < 10 ? 1 : 0 });
  if (endsAt === null) return say("{n} a second lately", { n });
  const minutes = (Date.parse(endsAt) - nowMs) / MINUTE_MS;
  if (minutes < 1) return say("{n} a second lately; done in less than a minute", { n });
  if (minutes >= MOST_MINUTES)
    return many(
      Math.round(minutes / 60),
      "{rate} a second lately; done in about {n} hour",
      "{rate} a second lately; done in about {n} hours",
      { rate: n },
    );
  return many(
    Math.round(minutes),
    "{rate} a second lately; done in about {n} minute",
    "{rate} a second lately; done in about {n} minutes",
    { rate: n },
  );
}
