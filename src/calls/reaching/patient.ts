import type { Env } from "../../base/env";
import { isTransient, isTurnedAway } from "./again";
import { noteDone, patiently } from "./deed";

/*
 * D1 as a request asks it that has done something: what is shed then is asked again, some seconds long and never at once,
 * to write what belongs to the deed, and to read what is answered.
 */

/** A write that may have been made is not made again. */
async function asked<T>(isWrite: boolean, ask: () => Promise<T>): Promise<T> {
  const answer = await patiently(ask, isWrite ? isTurnedAway : isTransient);
  if (isWrite) noteDone();
  return answer;
}

const WRITES = /^\s*(?:insert|update|delete|replace|with)\b/i;
/** Statements that write, so that a batch of them is known for one. */
const writing = new WeakSet<D1PreparedStatement>();

function patientStatement(statement: D1PreparedStatement, isWrite: boolean): D1PreparedStatement {
  if (isWrite) writing.add(statement);
  const { bind, run, first, all, raw } = statement;
  const by =
    (method: (...given: never[]) => Promise<unknown>) =>
    (...given: unknown[]) =>
      asked(isWrite, () => Reflect.apply(method, statement, given));
  return Object.assign(statement, {
    bind: (...values: unknown[]) => patientStatement(bind.apply(statement, values), isWrite),
    ...{ run: by(run), first: by(first), all: by(all), raw: by(raw) },
  });
}

/** A database through which a request asks. A batch takes the platform's own statements alone, so these stay what they are. */
function patientDatabase(db: D1Database): D1Database {
  const prepare = (sql: string) => patientStatement(db.prepare(sql), WRITES.test(sql));
  const batch = <T>(statements: D1PreparedStatement[]) =>
    asked(
      statements.some((statement) => writing.has(statement)),
      () => db.batch<T>(statements),
    );
  return new Proxy(db, {
    get: (of, name) => {
      if (name === "prepare") return prepare;
      if (name === "batch") return batch;
      const found: unknown = Reflect.get(of, name);
      return typeof found === "function" ? found.bind(of) : found;
    },
  });
}

const isDatabase = (name: string): boolean => name === "DB" || /^LOG_(?:[A-Z]+_)?\d+$/.test(name);
const patients = new WeakMap<Env, Env>();

/** The bindings as a request that may do something has them. */
export function patientEnv(env: Env): Env {
  let found = patients.get(env);
  if (!found) {
    const databases = new WeakMap<object, D1Database>();
    found = new Proxy(env, {
      get: (of, name) => {
        const binding: unknown = Reflect.get(of, name);
        if (typeof name !== "string" || !isDatabase(name) || binding === undefined) return binding;
        // Bound by such a name is a database: `db/log.ts`.
        const db = binding as D1Database;
        const patient = databases.get(db) ?? patientDatabase(db);
        databases.set(db, patient);
        return patient;
      },
    });
    patients.set(env, found);
  }
  return found;
}
