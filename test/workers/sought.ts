import { fillSought } from "../../src/automations/finding/sought-fill";
import { env } from "./live";

const LEFT = "select 1 from automations where school = ? and search is null limit 1";

/** Fills in what a school's automations are found by: those of other tests' schools may stand before them for some rounds. */
export async function fillSoughtOf(school: string): Promise<void> {
  do await fillSought(env);
  while (await env.DB.prepare(LEFT).bind(school).first());
}
