import pMap from "p-map";
import type { Env } from "../../base/env";
import { Problem } from "../../base/errors/errors";
import { userObject } from "../../calls/reaching/stub";
import { leadId } from "../../catalogue/facts/facts";
import type { School } from "../../world/snapshot";
import { objectIn, textIn } from "../read";
import { type Came, type Format, takeMessages } from "../take";
import { type KnownUsers, mapStatement } from "./map";
import { mailOf, type ReadStatement, readStatements, type Statement } from "./statement";

/** How it is told what of a statement was not used. */
export const xapiFormat: Format = {
  name: "xapi",
  places: [
    ["/id", "/id"],
    ["/user", "/actor"],
    ["/user/id", "/actor"],
    ["/user/username", "/actor/name"],
    ["/data", "/object"],
    ["/data/score", "/result/score"],
    ["/data/percent", "/result/extensions"],
    ["/occurred_at", "/timestamp"],
  ],
  called: (message) => {
    const { verb } = objectIn(message);
    return textIn(verb) ?? textIn(objectIn(verb).id) ?? "a statement";
  },
};

/**
 * Takes statements in their order. One that says nothing to us, or that we cannot take, is counted and answered as any.
 * @returns their ids
 * @throws Problem 409 where an id came before with other content
 */
export async function takeStatements(
  env: Env,
  school: School,
  read: readonly ReadStatement[],
  trace: string | null,
): Promise<string[]> {
  if (!read.length) return [];
  const mapped = await mapAll(env, school, read);
  const taken = await takeMessages(
    env,
    school,
    xapiFormat,
    mapped.map(({ came }) => came),
    trace,
  );
  for (const [index, { results }] of taken.entries()) {
    for (const result of results) {
      if (!("problem" in result)) continue;
      const { kind } = result.problem;
      if (kind === "conflict")
        throw new Problem("conflict", `Statement ${mapped[index]?.id ?? ""} was sent before with other content.`);
      if (kind === "unavailable") throw result.problem;
    }
  }
  return mapped.map(({ id }) => id);
}

async function mapAll(env: Env, school: School, read: readonly ReadStatement[]): Promise<{ id: string; came: Came }[]> {
  const known = await knownUsers(
    env,
    school,
    read.map(({ statement }) => statement),
  );
  return Promise.all(
    read.map(async ({ statement, raw, unread }) => {
      const { id, mapped } = await mapStatement(statement, known);
      // Tried again, it is the same statement.
      const isByChance = statement.id === undefined && statement.timestamp === undefined;
      return { id, came: { mapped, message: { ...objectIn(raw), id }, unread, isByChance } };
    }),
  );
}

/** A kept statement once more. */
export async function statementAgain(env: Env, school: School, message: unknown): Promise<Came> {
  const [one] = await mapAll(env, school, readStatements([message]));
  if (!one) throw new Error("no statement");
  return one.came;
}

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
