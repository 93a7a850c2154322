import type { Env } from "../../base/env";
import { Problem } from "../../base/errors";
import { LEAD_PREFIX } from "../../catalogue/facts";
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

const BY_EMAIL = `select id, email_key from users
  where school = ? and email_key in (select value from json_each(?)) and id not like '${LEAD_PREFIX}%'
  order by created_at, id`;

/** The users that the actors' addresses belong to; of several the earliest. */
async function knownUsers(env: Env, school: School, statements: readonly Statement[]): Promise<KnownUsers> {
  const mails = statements.flatMap(({ actor }) => mailOf(actor)?.toLowerCase() ?? []);
  if (!mails.length) return new Map();
  const { results } = await env.DB.prepare(BY_EMAIL)
    .bind(school.id, JSON.stringify([...new Set(mails)]))
    .all<{ id: string; email_key: string }>();
  return new Map(results.reverse().map((row) => [row.email_key, row.id]));
}
