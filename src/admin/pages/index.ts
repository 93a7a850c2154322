import { Hono } from "hono";
import type { AdminEnv } from "../visit";
import { seeOther } from "../visit";
import { automationPages } from "./automation";
import { automationsPages } from "./automations";
import { definitionsPages } from "./definitions";
import { deletionPages } from "./deletion";
import { deliveriesPages } from "./deliveries";
import { editorPages } from "./editor";
import { enrolPages } from "./enrol";
import { executionsPages } from "./executions";
import { jobsPages } from "./jobs";
import { learnerPages } from "./learner";
import { learnersPages } from "./learners";
import { rulesPages } from "./rules";
import { runPages } from "./run";
import { segmentPages } from "./segment";
import { segmentsPages } from "./segments";
import { settingsAuditPages } from "./settings/audit";
import { settingsClockPages } from "./settings/clock";
import { settingsConnectorsPages } from "./settings/connectors";
import { settingsFieldsPages } from "./settings/fields";
import { settingsKeysPages } from "./settings/keys";
import { settingsSchoolPages } from "./settings/school";
import { settingsUnusedPages } from "./settings/unused";
import { syncsPages } from "./syncs";
import { templatesPages } from "./templates";
import { versionsPages } from "./versions";

/** Every page of a school: what is not in this list is not reached. What is written out comes before what is a parameter. */
export const pages = new Hono<AdminEnv>();

pages.get("/", (c) => seeOther(c, "/admin/automations"));
for (const one of [
  definitionsPages,
  automationsPages,
  editorPages,
  automationPages,
  versionsPages,
  enrolPages,
  deletionPages,
  executionsPages,
  runPages,
  learnersPages,
  learnerPages,
  deliveriesPages,
  templatesPages,
  rulesPages,
  segmentsPages,
  segmentPages,
  syncsPages,
  jobsPages,
  settingsSchoolPages,
  settingsFieldsPages,
  settingsConnectorsPages,
  settingsUnusedPages,
  settingsKeysPages,
  settingsClockPages,
  settingsAuditPages,
])
  pages.route("/", one);
