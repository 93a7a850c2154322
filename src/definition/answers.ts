/*
 * What is answered of an automation beside its definition.
 */

/** What people should know of an automation that is accepted all the same. */
export interface Warning {
  /** `long_wait` is said while one edits, by the page alone. */
  code:
    | "cycle"
    | "conflict"
    | "unreachable"
    | "unknown_product"
    | "unknown_reference"
    | "unknown_variable"
    | "no_date"
    | "doubled_prefix"
    | "waits_without_reentry_limit"
    | "unsupported"
    | "vendor_rule"
    | "managed_segment"
    | "empty_message"
    | "not_sent"
    | "long_wait";
  message: string;
  /** Ids of those that start each other, this one first; of a conflict, of the other. */
  automations?: string[];
  /** Of a circle: ids of the segments on the way, whose rules or syncs lead on; of a step in vain, whose rules decide. */
  segments?: string[];
  /** Where in the definition it stands, as a JSON pointer. */
  path?: string;
}

/** What became of an automation's runs at one step: how many. */
export interface StepStats {
  step_id: string;
  /** Runs that came to it. */
  entered: number;
  done: number;
  skipped: number;
  /** For why they did nothing, as far as it is known: so many. */
  skipped_for: Record<string, number>;
  failed: number;
  waiting: number;
  exited: number;
  /** Of mails that are tracked: how many were opened, and in how many a link was followed. */
  opened?: number;
  clicked?: number;
  /** Ways a branch went. */
  yes?: number;
  no?: number;
}
