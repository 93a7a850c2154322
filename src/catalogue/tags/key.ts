import { textKey } from "../../base/text";

/** Tags are compared by this key and kept as first written in the school. */
export const tagKey = textKey;
