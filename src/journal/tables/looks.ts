import { hasAutomation, isTooOld } from "./counts";
import { type LogStatement, statement } from "./statement";

/*
 * How many mails of a step were opened, and in how many a link was followed: counted beside what became of its runs, as
 * the mail's row comes to say so; told twice is counted once.
 */

const TOLD = { school: "told.school", endedAt: "told.created_at", realNow: "told.real_now" };

/** Stands before the deliveries are written. */
export const LOOKS: LogStatement = statement(
  ({ school, seq, deliveries }, realNow) =>
    deliveries
      .filter(({ openedAt, run }) => openedAt !== undefined && run !== "")
      .map((one) => ({ school, seq, realNow, one })),
  {
    school: ({ school }) => school,
    id: ({ one }) => one.id,
    automation: ({ one }) => one.automation,
    step: ({ one }) => one.step,
    clicked: ({ one }) => one.clickedAt !== undefined,
    createdAt: ({ one }) => one.createdAt,
    realNow: ({ realNow }) => realNow,
    seq: ({ seq }) => seq,
  },
  (read) => `insert into run_counts (school, automation, step, status, n)
    with told as materialized (
      select ${read.school} as school, ${read.id} as id, ${read.automation} as automation, ${read.step} as step,
        ${read.clicked} as clicked, ${read.createdAt} as created_at, ${read.createdAt} as started_at,
        ${read.realNow} as real_now, max(${read.seq}) as seq
      from json_each(?) group by 1, 2),
    changed as materialized (
      select told.*, deliveries.opened_at is null as opens, told.clicked and deliveries.clicked_at is null as clicks
      from told left join deliveries on deliveries.school = told.school and deliveries.id = told.id
      where told.seq > coalesce(deliveries.seq, -1) and ${hasAutomation("told")}
        and (deliveries.id is not null or not ${isTooOld(TOLD)}))
    select school, automation, step, 'opened', sum(opens) as n from changed where opens group by 1, 2, 3
    union all select school, automation, step, 'clicked', sum(clicks) from changed where clicks group by 1, 2, 3
    on conflict (school, automation, step, status) do update set n = run_counts.n + excluded.n`,
);
