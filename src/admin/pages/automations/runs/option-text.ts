import { inWords } from "../../../../language/say";

/** An option of a step, or what its run tells, by its key: "from_name" → "from name". */
export const optionText = (key: string): string => inWords(key.replaceAll("_", " "));
