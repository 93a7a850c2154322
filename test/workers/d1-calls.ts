import { vi } from "vitest";
import { shardsOf } from "../../src/db/log";
import { env } from "./live";

/** For tests: has every call of a database, a batch being one, made by `around`, until mocks are restored. */
export function aroundD1(around: <T>(real: () => Promise<T>, database: string) => Promise<T>): void {
  for (const [name, db] of [["main", env.DB] as const, ...shardsOf(env)]) {
    const counting = (statement: D1PreparedStatement): D1PreparedStatement => {
      const { bind, run, first, all, raw } = statement;
      const by =
        (method: (...given: never[]) => Promise<unknown>) =>
        (...given: unknown[]) =>
          around(() => Reflect.apply(method, statement, given), name);
      return Object.assign(statement, {
        bind: (...values: unknown[]) => counting(bind.apply(statement, values)),
        ...{ run: by(run), first: by(first), all: by(all), raw: by(raw) },
      });
    };
    const [batch, prepare] = [db.batch.bind(db), db.prepare.bind(db)];
    vi.spyOn(db, "batch").mockImplementation((statements) => around(() => batch(statements), name));
    vi.spyOn(db, "prepare").mockImplementation((sql) => counting(prepare(sql)));
  }
}
