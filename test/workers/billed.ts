import { runInDurableObject } from "cloudflare:test";
import { vi } from "vitest";
import { type Counts, countFor } from "./counting";
import { env, stubOf } from "./live";

/* For tests: what the platform bills, counted at the bindings: calls, rows and messages, not lines of code. */

export interface Costs extends Counts {
  /** Of objects, alarms that were set too. */
  rowsWritten: number;
  alarmsSet: number;
  /** What objects ask of their storage, which is not billed by itself: statements, and whether an alarm stands. */
  asked: { statements: number; alarms: number };
  /** Of D1, indexes too: what the platform bills of batches. */
  rowsOfD1: number;
}

/** A method with whatever was put about it before, so that one may count twice in a test. */
const asItWas = <F extends (...args: never[]) => unknown>(method: F): F =>
  // A mock's implementation is of the type of what it stands for.
  (vi.isMockFunction(method) ? (method.getMockImplementation() as F | undefined) : undefined) ?? method;

/** Counts everything that passes the bindings from now on. An alarm set is a row written. */
export async function countCosts(school: string): Promise<Costs> {
  const costs: Costs = Object.assign(countFor(school), {
    rowsWritten: 0,
    alarmsSet: 0,
    asked: { statements: 0, alarms: 0 },
    rowsOfD1: 0,
  });
  const batch = asItWas(env.DB.batch).bind(env.DB);
  // What other tests left may be written meanwhile: a batch is the school's where any of its statements is told of it.
  const isOfSchool = (statement: object) => JSON.stringify(Reflect.get(statement, "params")).includes(school);
  vi.spyOn(env.DB, "batch").mockImplementation(async (statements) => {
    const results = await batch(statements);
    if (statements.some(isOfSchool)) for (const { meta } of results) costs.rowsOfD1 += meta.rows_written;
    // As it came, whatever rows the caller expects.
    return results as never;
  });
  const { sql, storage } = await runInDurableObject(stubOf("nobody", "nobody"), (_, state) => ({
    sql: Object.getPrototypeOf(state.storage.sql) as SqlStorage,
    storage: Object.getPrototypeOf(state.storage) as DurableObjectStorage,
  }));
  const exec = asItWas(sql.exec);
  vi.spyOn(sql, "exec").mockImplementation(function (this: SqlStorage, ...args: Parameters<typeof exec>) {
    const cursor = exec.apply(this, args);
    costs.rowsWritten += cursor.rowsWritten;
    costs.asked.statements++;
    return cursor;
  } as typeof exec);
  const setAlarm = asItWas(storage.setAlarm);
  vi.spyOn(storage, "setAlarm").mockImplementation(function (this: DurableObjectStorage, ...args) {
    costs.rowsWritten++;
    costs.alarmsSet++;
    return setAlarm.apply(this, args);
  });
  const getAlarm = asItWas(storage.getAlarm);
  vi.spyOn(storage, "getAlarm").mockImplementation(function (this: DurableObjectStorage, ...args) {
    costs.asked.alarms++;
    return getAlarm.apply(this, args);
  });
  return costs;
}
