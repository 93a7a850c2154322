/** What a push service takes in all; what it adds of its own has room beside. */
const MOST_BYTES = 4_000;

type Push = { title: string; body: string; url?: string };

/** A push that fits, its body cut where it must be: a service drops what is too long, and says so to nobody. */
export function fittingPush(push: Push): Push {
  const over = (body: string): boolean =>
    new TextEncoder().encode(JSON.stringify({ ...push, body })).length > MOST_BYTES;
  if (!over(push.body)) return push;
  const letters = [...push.body];
  let [fits, most] = [0, letters.length];
  while (fits < most) {
    const half = Math.ceil((fits + most) / 2);
    if (over(`${letters.slice(0, half).join("")}…`)) most = half - 1;
    else fits = half;
  }
  return { ...push, body: `${letters.slice(0, fits).join("")}…` };
}
