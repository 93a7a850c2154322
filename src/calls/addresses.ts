/** What a user's addresses are. */
export interface UserAddresses {
  email: string | null;
  /** Those that something of the user may name besides: as told to its object, and of the lead that was taken over. */
  others: string[];
  registeredAt: number;
  /** When what is known of the user began, real time, ms: of one id another's after an erasure. */
  born: number;
  /** The ids of users who were merged into this one. */
  merged: string[];
}

/** Who has an address, or into whom a user was merged. */
export interface AddressHolder {
  /** Null: nobody; of an address, but for a lead; of a user, but for the user. */
  user: string | null;
  /** A lead, or a user, is still here. */
  holdsLead: boolean;
}
