/** Up to how many are counted where there is no counter; one more stands for more. */
export const MOST_COUNTED = 1_000;
/** The same at the foot of a list, of which a page shows fifty; and once somebody asks for it. */
const MOST_AT_A_FOOT = 100;
const MOST_WHEN_ASKED = 10_000;

/** How many there are of something: more than `most` where it is one more than that. */
export interface Total {
  n: number;
  most: number;
}

/** Up to how many a list counts. @param asked what its address says of `count` */
export const mostCounted = (asked: string | undefined): number => (asked === "all" ? MOST_WHEN_ASKED : MOST_AT_A_FOOT);

/** Whether more would be counted if it was asked for. */
export const isMoreCounted = ({ n, most }: Total): boolean => n > most && most < MOST_WHEN_ASKED;
