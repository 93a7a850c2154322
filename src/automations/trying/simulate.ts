import type { z } from "zod";
import type { Env } from "../../base/env";
import type { Fault } from "../../base/errors/errors";
import { faultsOf, namedAt } from "../../base/errors/faults";
import { eventOf, tagsIn, triggers } from "../../catalogue";
import type { Attributes } from "../../catalogue/account/attributes";
import { ENROLLED } from "../../catalogue/facts/by-hand";
import type { Spellings } from "../../catalogue/facts/facts";
import { tagKey } from "../../catalogue/tags/key";
import { compile } from "../../engine/compile/compile";
import { type AskedFact, type Question, type Simulation, simulate } from "../../engine/trying/simulate";
import type { World } from "../../engine/types";
import { withNames } from "../../world/naming/names";
import { nowOf, type School } from "../../world/snapshot";
import { readDefinition } from "../../world/upgrades";
import { loadWorld } from "../../world/world";
import { faultsOfAutomation, refusalFor, withoutReadOnly } from "../check";
import { automationRow } from "../document";
import { meaningFor } from "../meaning";
import { faultsOfInvented, type inventedUser, inventUser } from "./invented";
import { knownUser } from "./known-user";

type Invented = z.output<typeof inventedUser>;

export interface RehearsalRequest {
  /** A definition as it would be saved, or the id of one that is. */
  automation: Record<string, unknown> | string;
  /** A user's id, or one who is only thought of. */
  user: string | Invented;
  fact: AskedFact | null;
  span: string;
  assume: readonly {
    after: string;
    event: AskedFact & { user?: (Attributes & { id?: string | undefined }) | undefined };
  }[];
}

/**
 * Tells what an automation would do to a user. Nothing is changed and nothing leaves.
 * @throws Problem 422 with every fault of the definition and events, and what is named and not there
 */
export async function rehearse(env: Env, school: School, asked: RehearsalRequest): Promise<Simulation> {
  const world = await loadWorld(env, school);
  const now = nowOf(school);
  const { automation, assume, known, faults } = await asDrafted(env, school, asked, world);
  if (faults.length || !automation) throw refusalFor(faults);
  // Without a fault who is not thought of is known.
  const state = known ?? inventUser(asked.user as Invented, world, now);
  return withNames(env, school, world.school, (view) => {
    const spelled = assume.map((one) => ({
      ...one,
      event: { ...one.event, data: respelled(one.event, view.spellings) },
    }));
    const question = { automation, fact: asked.fact, span: asked.span, assume: spelled };
    return simulate(structuredClone(state), { ...world, school: view }, question, now);
  });
}

/** What is wrong with the parts of what is asked, of which some may be missing; what of `assume` cannot be read is null. */
export const faultsOfRehearsal = async (env: Env, school: School, asked: Drafted): Promise<Fault[]> =>
  (await asDrafted(env, school, asked, await loadWorld(env, school))).faults;

type Partly<T> = { [Name in keyof T]?: T[Name] | undefined };

interface Drafted extends Partly<Pick<RehearsalRequest, "automation" | "user" | "fact">> {
  assume: readonly (RehearsalRequest["assume"][number] | null)[];
}

async function asDrafted(env: Env, school: School, { automation, user, fact, assume }: Drafted, world: World) {
  const tried = automation === undefined ? null : await triedOf(env, school, automation, world);
  const faults = tried?.faults ?? [];
  if (fact && !isFactType(fact.type))
    faults.push({ path: "/fact/type", message: `there is no fact ${JSON.stringify(fact.type)}` });
  const read = assume.flatMap((one, index) => (one ? assumed(one.after, one.event, index, faults) : []));
  const known = typeof user === "string" ? await namedAt("/user", knownUser(env, school, user)) : null;
  faults.push(
    ...(known?.faults ?? (user === undefined || typeof user === "string" ? [] : faultsOfInvented(user, world))),
  );
  return { automation: tried?.automation, assume: read, known: known?.found, faults };
}

/** An event's data with its tags as the school spells them, though it learns none here. */
function respelled({ type, data }: Question["assume"][number]["event"], spellings: Spellings) {
  const tags = tagsIn({ type, data });
  return (
    eventOf(type)?.tags?.respelled(
      data,
      tags.map((tag) => spellings.get(tagKey(tag)) ?? tag),
    ) ?? data
  );
}

async function triedOf(
  env: Env,
  school: School,
  given: RehearsalRequest["automation"],
  { school: { courseId } }: World,
): Promise<{ automation?: Question["automation"]; faults: Fault[] }> {
  if (typeof given === "string") {
    const { found: row, faults } = await namedAt("/automation_id", automationRow(env, school.id, given));
    if (!row) return { faults };
    const program = compile(readDefinition(row.definition), row.version, courseId);
    return { automation: { id: row.id, program }, faults: [] };
  }
  const { checked, faults } = faultsOfAutomation(
    env,
    school,
    { name: "Unnamed", ...withoutReadOnly(given) },
    { meaning: await meaningFor(env, school.id) },
  );
  if (faults.length) return { faults: faults.map((fault) => ({ ...fault, path: `/automation${fault.path}` })) };
  return { automation: { id: "simulated", program: compile(checked.definition, 1, courseId) }, faults };
}

const isFactType = (type: string): boolean => type === ENROLLED || triggers.has(type) || eventOf(type) !== undefined;

function assumed(
  after: string,
  { type, data, user }: RehearsalRequest["assume"][number]["event"],
  index: number,
  faults: Fault[],
): Question["assume"][number][] {
  const place = ["assume", index, "event"];
  const event = eventOf(type);
  if (!event) {
    faults.push({ path: `/assume/${index}/event/type`, message: `there is no event ${JSON.stringify(type)}` });
    return [];
  }
  const read = event.read(data);
  if (!read.success) {
    faults.push(...faultsOf(read.error, [...place, "data"]));
    return [];
  }
  const { id: _, ...attributes } = user ?? {};
  return [{ after, event: { type, data: read.data, attributes } }];
}
