/** What the tests use of a client that has no types. */
declare module "tincanjs" {
  type Done<T> = (error: unknown, result: T) => void;

  class Statement {
    constructor(statement: object);
    id: string | null;
  }

  class LRS {
    constructor(options: { endpoint: string; username: string; password: string; allowFail: boolean });
    about(options: { callback: Done<{ version: string[] }> }): void;
    saveStatement(statement: Statement, options: { callback: Done<{ status: number; responseText: string }> }): void;
    saveStatements(
      statements: Statement[],
      options: { callback: Done<{ status: number; responseText: string }> },
    ): void;
  }

  const TinCan: { LRS: typeof LRS; Statement: typeof Statement };
  export default TinCan;
}
