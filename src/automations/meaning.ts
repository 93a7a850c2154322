import type { Env } from "../base/env";
import { type Meaning, standingIn } from "../catalogue/meaning";
import type { Definition } from "../definition/types";
import { declaredFields } from "../segments/declared";

/** By what an automation is taken as it is meant. @param standing what stood there before, which is left as it is */
export const meaningFor = async (env: Env, school: string, ...standing: Definition[]): Promise<Meaning> => ({
  fields: await declaredFields(env, school),
  standing: standingIn(...standing),
});
