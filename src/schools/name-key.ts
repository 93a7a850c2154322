import { loosened } from "../base/text/text";

/** A school's name as it is found by: whoever looks for it need not know which of its letters are capitals. */
export const nameKey = (name: string): string => loosened(name.normalize("NFC").toLowerCase());
