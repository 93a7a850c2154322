import * as z from "zod";

/** The id of a kind of mail that learners may do without. */
export const topicId = z.string().regex(/^[a-z0-9_-]{1,64}$/, "an id has a–z, 0–9, _ and -, 64 at most");
