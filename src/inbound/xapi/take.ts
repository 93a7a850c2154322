import pMap from "p-map";
import type { Env } from "../../base/env";
import { Problem } from "../../base/errors";
import { userObject } from "../../calls/stub";
import { leadId } from "../../catalogue/facts";
import type { School } from "../../world/snapshot";
import { firstRefusal } from "../check";
import { takeMapped } from "../take";
import { type KnownUsers, mapStatement } from "./map";
import { badStatement, mailOf, type Statement } from "./statement";

/**
 * Takes statements in their order.
 * @returns their ids
 * @throws Problem 400 where one is refused, and then none is taken; 409 where an id came before with other content
 */
export async function takeStatements(env: Env, school: School, statements: readonly Statement[]): Promise<string[]> {
  if (!statements.length) return [];
  const known = await knownUsers(env, school, statements);
  const read = await Promise.all(statements.map((statement) => mapStatement(statement, known)));
  const messages = read.map(({ mapped }) => mapped);
  const refusal = await firstRefusal(env, school, messages);
  if (refusal) throw badStatement(`Statement ${refusal.index}: ${wordsOf(refusal.problem)}. None was taken.`);
  const results = await takeMapped(env, school, "xapi", messages);
  for (const [index, ofOne] of results.entries()) {
    for (const result of ofOne) {
      if (!("problem" in result)) continue;
      if (result.problem.kind !== "conflict") throw result.problem;
      throw new Problem("conflict", `Statement ${read[index]?.id ?? ""} was sent before with other content.`);
    }
  }
  return read.map(({ id }) => id);
}

const wordsOf = ({ detail, faults }: Problem): string =>
  faults?.map(({ path, message }) => `${path} ${message}`).join("; ") ?? detail;

const AT_ONCE = 32;

/** The users whose the actors' addresses are, as the objects of the addresses know. */
async function knownUsers(env: Env, school: School, statements: readonly Statement[]): Promise<KnownUsers> {
  const mails = new Set(statements.flatMap(({ actor }) => mailOf(actor)?.toLowerCase() ?? []));
  const held = await pMap(
    mails,
    async (mail) => [mail, await userObject(env, school, leadId(mail)).holder()] as const,
    { concurrency: AT_ONCE },
  );
  return new Map(held.flatMap(([mail, { user }]) => (user === null ? [] : [[mail, user] as const])));
}
