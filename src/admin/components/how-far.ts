import { say } from "../../language/say";

/** How far something slow got. Of what is read as it goes it is not known how much is left. */
export const howFar = (done: number, total: number, isLive: boolean): string => {
  if (isLive && done >= total) return done === 0 ? say("just begun") : say("{n} so far", { n: done });
  return total === 0 ? say("nothing to do") : say("{n} of {total}", { n: done, total });
};
