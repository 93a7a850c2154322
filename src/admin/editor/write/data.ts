import type { Fault } from "../../../base/errors/errors";
import type { ListedVariable } from "../../../definition/variables";

interface Choice {
  value: string;
  label: string;
}

/** A mail to one learner as it is written so far. */
export interface Written {
  subject: string;
  body: string;
  kind: "transactional" | "marketing";
  /** Empty: of no kind that learners may turn off. */
  topic: string;
}

/** What the page hands over, as JSON in `<script type="application/json" id="write-data">`. */
export interface WriteData {
  mail: Written;
  learner: Choice;
  /** Whether marketing may go to the learner. */
  allowsMarketing: boolean;
  /** The kinds of mail of the school. */
  topics: readonly Choice[];
  faults: readonly Fault[];
  variables: readonly ListedVariable[];
  /** The address of whoever is signed in; null: no test is sent to them. */
  me: string | null;
}
