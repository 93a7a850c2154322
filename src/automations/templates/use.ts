import type { Env } from "../../base/env";
import { type Fault, notFound } from "../../base/errors/errors";
import { fieldMeant } from "../../catalogue/account/meant";
import { pickerOf } from "../../catalogue/options/meta";
import { inWords } from "../../language/say";
import { declaredFields } from "../../segments/fields/declared";
import type { School } from "../../world/snapshot";
import { createAutomation } from "../create";
import type { AutomationDocument } from "../document";
import { getTemplate } from ".";
import type { Template } from "./define";

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
  const parts = template.build(await paramsMeant(env, school, template, asked.params));
  return createAutomation(
    env,
    school,
    { name: asked.name ?? inWords(template.name), description: inWords(template.description), ...parts, active: false },
    who,
  );
}

/** What is wrong with what a template is given; nothing where there is no such template. */
export const faultsOfParams = (id: string, params: Record<string, unknown>): Fault[] =>
  getTemplate(id)?.faults(params) ?? [];

/** Fields as they are meant: their bare keys. */
async function paramsMeant(
  env: Env,
  school: School,
  { params: { shape } }: Template,
  given: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const isField = (name: string): boolean => Object.hasOwn(shape, name) && pickerOf(shape[name]) === "field";
  const fields = Object.entries(given).filter(([name, value]) => isField(name) && typeof value === "string");
  if (!fields.length) return given;
  const declared = await declaredFields(env, school.id);
  return {
    ...given,
    ...Object.fromEntries(fields.map(([name, value]) => [name, fieldMeant(String(value), declared)])),
  };
}
