import { candidatesJob, countJob, enrolJob } from "../automations/enrol/job";
import { backtestJob } from "../automations/replay/backtest";
import { missedJob } from "../automations/replay/missed";
import { resendJob } from "../automations/runs/resend";
import { pruneJob } from "../automations/transfer/prune-job";
import { undoAutomationJob } from "../automations/undo/undo-automation";
import { undoRunJob } from "../automations/undo/undo-run";
import { evidenceJob } from "../evidence/job";
import type { AnyJobKind } from "../jobs/kinds";
import { reconcileJob } from "../lms/reconcile-job";
import { syncJob } from "../lms/sync-job";
import { productsImport } from "../products/import";
import { membersImport, segmentsImport } from "../segments/imports";
import { alignJob } from "../users/courses/align-job";
import { datesJob } from "../users/courses/dates-job";
import { idsJob } from "../users/courses/ids-job";
import { usersImport } from "../users/import/import";
import { rosterImport } from "../users/import/roster";

/** Every kind of job there is. */
export const JOB_KINDS: readonly AnyJobKind[] = [
  alignJob,
  datesJob,
  idsJob,
  enrolJob,
  candidatesJob,
  countJob,
  pruneJob,
  backtestJob,
  missedJob,
  resendJob,
  undoRunJob,
  undoAutomationJob,
  usersImport,
  segmentsImport,
  membersImport,
  rosterImport,
  productsImport,
  syncJob,
  reconcileJob,
  evidenceJob,
];
