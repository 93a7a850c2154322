/** How far something slow got. Of what is read as it goes it is not known how much is left. */
export const howFar = (done: number, total: number, isLive: boolean): string => {
  const text = done.toLocaleString("en");
  if (isLive && done >= total) return done === 0 ? "just begun" : `${text} so far`;
  return total === 0 ? "nothing to do" : `${text} of ${total.toLocaleString("en")}`;
};
