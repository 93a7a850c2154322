import type { UserPlace } from "../../src/calls/user";
import { isLead } from "../../src/catalogue/facts/facts";

/*
 * Who has an address is known by the address's own object, `lead:<address>`: the directory in D1 lags, and of what it
 * does not know yet a form would make a lead. Users' objects tell it; see addresses.ts. The object of a user who was merged
 * into another knows the other, the same way.
 */

/** A user who has the address. */
export interface Holder {
  user: string;
  /** Of several the first registered is meant, ms. */
  registeredAt: number;
}

export interface HoldersParts {
  place: UserPlace;
  sql: SqlStorage;
  /** Whether the table was there when the object's tables were last looked at. */
  isStored(): boolean;
  /**
   * The users that the directory lists with the address and whose own objects say so: some are known from before objects
   * told, and the directory lags.
   */
  listed(): Promise<Holder[]>;
}

/**
 * Stands among the holders where the directory has been asked, and lists all of them: so whoever gets the address of it
 * by an import, which looks there for others, tells this object too. No user has an empty id.
 */
const ASKED: Holder = { user: "", registeredAt: 0 };

/** Of the object of an address: the users who have it; of a merged user's: the other. */
export class Holders {
  private list: Holder[] = [];
  private isThere = false;
  private isAsked = false;
  /** Counts what was told: an answer of the directory from before it is none. */
  private told = 0;
  private readonly isAddress: boolean;

  constructor(private readonly parts: HoldersParts) {
    this.isAddress = isLead(parts.place.user);
  }

  /** Reads what is stored. To be called when the object's tables have been looked at. */
  open(): void {
    this.isThere = this.parts.isStored();
    this.read();
  }

  private read(): void {
    const rows = this.isThere
      ? this.parts.sql
          .exec<{ user: string; registered_at: number }>(
            "select user, registered_at from holders order by registered_at, user",
          )
          .toArray()
      : [];
    this.isAsked = rows.some(({ user }) => user === ASKED.user);
    this.list = rows.flatMap(({ user, registered_at: registeredAt }) =>
      user === ASKED.user ? [] : [{ user, registeredAt }],
    );
  }

  /** The user who is meant by the address, or to whom everything went. */
  get first(): string | undefined {
    return this.list[0]?.user;
  }

  all(): readonly Holder[] {
    return this.list;
  }

  /**
   * Asks the directory, once, but again as long as it does not list a user who has told of the address.
   * @param keeps whether to note that it knows nobody: nothing is kept of an address that is nobody's
   */
  async ask(keeps: boolean): Promise<void> {
    while (this.isAddress && !this.isAsked) {
      const { told } = this;
      const listed = await this.parts.listed();
      if (told !== this.told) continue;
      const isThere = (some: readonly Holder[], one: Holder): boolean => some.some(({ user }) => user === one.user);
      const isWhole = (listed.length || keeps) && this.list.every((one) => isThere(listed, one));
      const found = [...(isWhole ? [ASKED] : []), ...listed.filter((one) => !isThere(this.list, one))];
      if (found.length) this.add(...found);
      return;
    }
  }

  /** This one, and no other. */
  set(holder: Holder): void {
    for (const { user } of this.list) this.remove(user);
    this.add(holder);
  }

  add(...holders: readonly Holder[]): void {
    const { sql } = this.parts;
    this.told++;
    sql.exec(
      "create table if not exists holders (user text primary key, registered_at integer not null) without rowid",
    );
    for (const { user, registeredAt } of holders)
      sql.exec("insert or replace into holders (user, registered_at) values (?, ?)", user, registeredAt);
    this.isThere = true;
    this.read();
  }

  remove(user: string): void {
    this.told++;
    if (!this.isThere) return;
    // The directory may not list those who are left yet.
    this.parts.sql.exec("delete from holders where user in (?, ?)", user, ASKED.user);
    this.read();
  }
}
