import * as z from "zod";

/** What happened on a day, in figures. */
export const dayFigures = z
  .object({
    date: z.string().meta({ description: "As `2026-11-27`, by the school's calendar." }),
    runs: z.int().meta({ description: "Runs begun." }),
    mails: z.int().meta({ description: "Mails that left; in a test school, that were captured." }),
    failed: z.int().meta({ description: "Mails that failed; none that bounced." }),
    bounced: z
      .int()
      .meta({ description: "Of the mails that left that day: how many bounced for good, then or since." }),
  })
  .meta({ component: "DayFigures" });
