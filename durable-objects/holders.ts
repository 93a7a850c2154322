import type { UserPlace } from "../src/calls/user";
import { isLead } from "../src/catalogue/facts";

/*
 * Who has an address is known by the address's own object, `lead:<address>`: the directory in D1 lags, and of what it
 * does not know yet a form would make a lead. Users' objects tell it; see addresses.ts.
 */

/** A user who has the address. */
export interface Holder {
  user: string;
  /** Since when the user is known, ms: of several the one known longest is meant. */
  knownAt: number;
}

export interface HoldersParts {
  place: UserPlace;
  sql: SqlStorage;
  /** The users that the directory lists with the address: some are known from before their objects told. */
  listed(): Promise<Holder[]>;
}

/** Stands among the holders where the directory has been asked: no user has an empty id. */
const ASKED: Holder = { user: "", knownAt: 0 };

/** Of the object of an address: the users who have it. Objects of users have none. */
export class Holders {
  private list: Holder[] = [];
  private isThere = false;
  private isAsked = false;
  private readonly isAddress: boolean;

  constructor(private readonly parts: HoldersParts) {
    this.isAddress = isLead(parts.place.user);
  }

  /** Reads what is stored. */
  open(): void {
    const { sql } = this.parts;
    this.isThere =
      this.isAddress && sql.exec("select 1 from sqlite_master where name = 'holders'").toArray().length > 0;
    const rows = this.isThere
      ? sql
          .exec<{ user: string; known_at: number }>("select user, known_at from holders order by known_at, user")
          .toArray()
      : [];
    this.isAsked = rows.some(({ user }) => user === ASKED.user);
    this.list = rows.flatMap(({ user, known_at: knownAt }) => (user === ASKED.user ? [] : [{ user, knownAt }]));
  }

  /** The user who is meant by the address. */
  get first(): string | undefined {
    return this.list[0]?.user;
  }

  all(): readonly Holder[] {
    return this.list;
  }

  /** Asks the directory, once. @param keeps whether to note that it knows nobody: nothing is kept of an address that is nobody's */
  async ask(keeps: boolean): Promise<void> {
    if (!this.isAddress || this.isAsked) return;
    const listed = await this.parts.listed();
    // Others may have asked meanwhile, and heard more since.
    if (!this.isAsked && (listed.length || keeps)) this.add(ASKED, ...listed);
  }

  /** Who is there already stays as known. */
  add(...holders: readonly Holder[]): void {
    const { sql } = this.parts;
    sql.exec("create table if not exists holders (user text primary key, known_at integer not null) without rowid");
    for (const { user, knownAt } of holders)
      sql.exec("insert or ignore into holders (user, known_at) values (?, ?)", user, knownAt);
    this.open();
  }

  remove(user: string): void {
    if (!this.isThere) return;
    this.parts.sql.exec("delete from holders where user = ?", user);
    this.open();
  }
}
