import type { Ended, Page } from "../../src/calls/shape";
import type { Range } from "../../src/calls/user";
import { addingEnded, pageOfEnded, type Write } from "./rows";
import type { Tables } from "./tables";

/** Runs and deliveries that have ended, in rows of their own behind those that lie packed. */
export class EndedRows {
  /** The `seq` of the newest row; undefined: nobody has looked. */
  private newest: number | undefined;

  constructor(
    private readonly sql: SqlStorage,
    private readonly tables: Tables,
  ) {}

  /** What was to be written was not. */
  forget(): void {
    this.newest = undefined;
  }

  /** Moves some to rows of their own: all of them newer than what lies there. */
  adding(ended: readonly Ended[]): Write[] {
    this.newest = ended.at(-1)?.seq ?? this.newest;
    return addingEnded(ended);
  }

  /** A page of all. Each telling asks for what came after the last, which mostly lies packed: then no row is looked for. */
  page(packed: readonly Ended[], range: Range): Page<Ended> {
    const mayHold = this.tables.has("ended") && (range.after === undefined || range.after < this.newestSeq());
    return pageOfEnded(mayHold ? this.sql : null, packed, range);
  }

  private newestSeq(): number {
    this.newest ??= Number(this.sql.exec("select coalesce(max(seq), 0) as seq from ended").one().seq);
    return this.newest;
  }
}
