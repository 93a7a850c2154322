import { tick } from "./cron/tick";
import { handInJobKinds } from "./jobs/kinds";
import { consume } from "./queue/consume";
import { JOB_KINDS } from "./queue/kinds";

/** All that goes on behind requests: queues and cron. */
handInJobKinds(JOB_KINDS);

export { consume, tick };
