/** Tags are compared by this key and kept as first written in the school. */
export const tagKey = (tag: string): string => tag.toLowerCase();
