/** Up to how many are counted where there is no counter; one more stands for more. */
export const MOST_COUNTED = 1_000;
