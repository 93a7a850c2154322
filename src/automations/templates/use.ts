import type { Env } from "../../base/env";
import { notFound } from "../../base/errors";
import { inWords } from "../../language/say";
import type { School } from "../../world/snapshot";
import { createAutomation } from "../create";
import type { AutomationDocument } from "../document";
import { getTemplate } from ".";

/**
 * Makes an inactive automation of a template, which speaks as whoever asks for it.
 * @param asked `name`: that of the template when left out
 * @throws Problem 404 for an unknown template, 422 for params it does not take
 */
export async function useTemplate(
  env: Env,
  school: School,
  id: string,
  asked: { name?: string | undefined; params: Record<string, unknown> },
  who: string,
): Promise<AutomationDocument> {
  const template = getTemplate(id);
  if (!template) throw notFound("template");
  const parts = template.build(asked.params);
  return createAutomation(
    env,
    school,
    { name: asked.name ?? inWords(template.name), description: inWords(template.description), ...parts, active: false },
    who,
  );
}
