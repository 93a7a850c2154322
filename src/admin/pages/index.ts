import { Pages } from "../page";
import { seeOther } from "../visit";
import { automationPages } from "./automations/automation";
import { editorPages } from "./automations/editor";
import { enrolPages } from "./automations/enrol";
import { automationsPages } from "./automations/list/automations";
import { manyPages } from "./automations/list/many";
import { executionsPages } from "./automations/runs/executions";
import { runPages } from "./automations/runs/run";
import { switchingOnPages } from "./automations/switching-on";
import { templatesPages } from "./automations/templates/templates";
import { versionsPages } from "./automations/versions/versions";
import { whyPages } from "./automations/why/page";
import { catchUpPages } from "./catch-up/catch-up";
import { coursePages } from "./courses/course";
import { coursesPages } from "./courses/courses";
import { definitionsPages } from "./definitions/definitions";
import { deletionPages } from "./deletion";
import { evidencePages } from "./evidence/evidence";
import { healthPages } from "./health/health";
import { importsPages } from "./imports";
import { jobsPages } from "./jobs/jobs";
import { actingPages } from "./learners/acting";
import { changingPages } from "./learners/changing";
import { erasurePages } from "./learners/erasure";
import { learnerPages } from "./learners/learner";
import { learnersPages } from "./learners/learners";
import { mergingPages } from "./learners/merging";
import { paymentsPages } from "./learners/payments";
import { timelinePages } from "./learners/timeline";
import { learnerWhyPages } from "./learners/why";
import { writingPages } from "./learners/writing";
import { lmsCoursePages } from "./lms/course";
import { lmsPages } from "./lms/lms";
import { mapPages } from "./map/map";
import { productPages } from "./products/product";
import { productsPages } from "./products/products";
import { autoGroupsPages } from "./segments/auto-groups";
import { manyMembersPages } from "./segments/many-members";
import { rulesPages } from "./segments/rules";
import { segmentPages } from "./segments/segment";
import { segmentsPages } from "./segments/segments";
import { syncPages } from "./segments/sync";
import { syncsPages } from "./segments/syncs";
import { deliveriesPages } from "./sending/deliveries";
import { deliveryPages } from "./sending/delivery";
import { resendPages } from "./sending/resend";
import { suppressionPages } from "./sending/suppressions";
import { settingsAuditPages } from "./settings/audit";
import { settingsClockPages } from "./settings/clock";
import { settingsConnectorsPages } from "./settings/connectors";
import { settingsFieldsPages } from "./settings/fields";
import { settingsKeysPages } from "./settings/keys";
import { settingsMailPages } from "./settings/mail";
import { settingsPausePages } from "./settings/pause";
import { settingsPiecesPages } from "./settings/pieces";
import { settingsSchoolPages } from "./settings/school";
import { settingsUnusedPages } from "./settings/unused";
import { undoPages } from "./undo/undo";

const homePages = new Pages();

homePages.get("/", "viewer", (c) => seeOther(c, c.var.visit.path("/health")));

/** Every page of a school: what is not in this list is not reached. */
export const pagesOfSchools: readonly Pages[] = [
  homePages,
  actingPages,
  autoGroupsPages,
  automationPages,
  whyPages,
  automationsPages,
  catchUpPages,
  changingPages,
  manyPages,
  coursePages,
  coursesPages,
  definitionsPages,
  deletionPages,
  deliveriesPages,
  deliveryPages,
  resendPages,
  editorPages,
  enrolPages,
  erasurePages,
  executionsPages,
  healthPages,
  importsPages,
  jobsPages,
  evidencePages,
  learnerPages,
  learnersPages,
  learnerWhyPages,
  mergingPages,
  writingPages,
  lmsCoursePages,
  lmsPages,
  manyMembersPages,
  mapPages,
  paymentsPages,
  productPages,
  productsPages,
  rulesPages,
  runPages,
  segmentPages,
  segmentsPages,
  settingsAuditPages,
  settingsClockPages,
  settingsConnectorsPages,
  settingsFieldsPages,
  settingsKeysPages,
  settingsMailPages,
  settingsPausePages,
  settingsPiecesPages,
  settingsSchoolPages,
  settingsUnusedPages,
  suppressionPages,
  switchingOnPages,
  syncPages,
  syncsPages,
  templatesPages,
  timelinePages,
  versionsPages,
  undoPages,
];
