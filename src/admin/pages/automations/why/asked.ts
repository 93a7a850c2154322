import { automationEver } from "../../../../automations/ever";
import { Problem } from "../../../../base/errors/errors";
import { say } from "../../../../language/say";
import type { Ctx } from "../../../visit";
import type { AskedAutomation } from "./answer";

/** What is asked about, as it was when it was deleted; null for what is there, and for what never was one. */
export async function deletedAutomation(c: Ctx, id: string): Promise<AskedAutomation | null> {
  try {
    const { definition, name, isDeleted } = await automationEver(c.env, c.var.visit.school.id, id);
    if (!isDeleted) return null;
    return { id, name: name ?? say("a deleted automation"), when: definition.when, active: false, isDeleted };
  } catch (error) {
    if (error instanceof Problem && error.kind === "not_found") return null;
    throw error;
  }
}
