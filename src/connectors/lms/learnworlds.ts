import { apiFor } from "./learnworlds/api";
import { check } from "./learnworlds/check";
import { enrolmentWays } from "./learnworlds/enrolment";
import { membershipWays } from "./learnworlds/membership";
import { progressWays } from "./learnworlds/progress";
import { reads } from "./learnworlds/reads";
import { settings } from "./learnworlds/settings";
import { tagWays } from "./learnworlds/tags";
import { LATE_MS } from "./learnworlds/turns";
import { doingFor } from "./learnworlds/way";
import { type CarriedOut, defineLms, unsupported } from "./port";

const ways = [...tagWays, ...enrolmentWays, ...progressWays, ...membershipWays];
const label = "LearnWorlds";

export const lmsLearnworlds = defineLms({
  name: "learnworlds",
  label,
  description: "Tags, enrolments, progress, user groups, seats and spaces, by the REST API of the school.",
  settings,
  host: ({ url }) => url,
  supports: ways.map(({ type }) => type),
  // 30 in 10 s are let through; the rest is for whatever else the school has connected.
  rate: { requests: 25, withinMs: 10_000 + LATE_MS },

  /** One after the other; the first that fails stands for those behind it. */
  async carryOut(changes, chosen, tools, parcel) {
    const doing = doingFor(apiFor(chosen, tools, parcel.mode), parcel.user, tools.now());
    let last: CarriedOut = { status: "done" };
    for (const change of changes) {
      const way = ways.find(({ type }) => type === change.type);
      last = way ? await way.carry(change, doing) : unsupported(change.type, label);
      if (last.status === "failed") break;
    }
    return last;
  },
  check,
  reads,
});
