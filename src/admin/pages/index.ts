import { Hono } from "hono";
import type { AdminEnv } from "../visit";
import { seeOther } from "../visit";
import { automationPages } from "./automation";
import { automationsPages } from "./automations";
import { deliveriesPages } from "./deliveries";
import { editorPages } from "./editor";
import { executionsPages } from "./executions";
import { learnerPages } from "./learner";
import { learnersPages } from "./learners";
import { runPages } from "./run";

/** Every page of a school: what is not in this list is not reached. What is written out comes before what is a parameter. */
export const pages = new Hono<AdminEnv>();

pages.get("/", (c) => seeOther(c, "/admin/automations"));
for (const one of [
  automationsPages,
  editorPages,
  automationPages,
  executionsPages,
  runPages,
  learnersPages,
  learnerPages,
  deliveriesPages,
])
  pages.route("/", one);
