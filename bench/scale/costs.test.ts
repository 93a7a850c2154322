import { test } from "vitest";
import { countCosts } from "../../test/workers/billed";
import { flushLog, holdQueuesAnew, makeSchool } from "../../test/workers/live";
import { PRICED, priceOf } from "../../test/workers/priced";
import { show } from "./shown";

/* What events and new learners cost: docs/performance.md has the same table. */

const AUTOMATION = {
  synchronous: true,
  when: [{ type: "user.signed_in" }],
  then: [{ type: "tags.add", tags: ["seen"] }],
};
/** As many as a message names: each page of them shares counters and usage. */
const NEW = 100;

test.for(PRICED)("an event $what", async ({ what, most, automation, sent }, context) => {
  const queues = await holdQueuesAnew();
  const school = await makeSchool();
  if (automation) await school.automation(automation);
  const { dollars, counted } = await priceOf(school, queues, sent);
  const { requests, objectRequests, objectRows, alarms, rowsOfD1, messages } = counted;
  const each = {
    requests,
    "of objects": objectRequests,
    "their rows": objectRows,
    alarms,
    "rows of D1": rowsOfD1,
    messages,
  };
  const note = Object.entries(each).map(([name, count]) => `${name} ${count.toFixed(2)}`);
  show(context, [
    {
      what: `a million events ${what.replace(/,$/, "")}`,
      value: dollars,
      unit: "$",
      goal: most,
      note: note.join(", "),
    },
  ]);
});

test("a new learner", async (context) => {
  await holdQueuesAnew();
  const school = await makeSchool();
  await school.automation(AUTOMATION);
  await school.event("user.signed_in", "somebody");
  const users = Array.from({ length: NEW }, (_, n) => `user-${n}`);
  const costs = await countCosts(school.id);
  for (const user of users) await school.event("user.signed_in", { id: user, email: `${user}@acme.com` });
  const objectRows = costs.rowsWritten / NEW;
  await flushLog(school.id, ...users);
  show(context, [
    { what: "rows a new learner with an address and a tag is for objects", value: objectRows, unit: "rows", goal: 8 },
    { what: "rows such a one is in D1, with a tag and a run", value: costs.rowsOfD1 / NEW, unit: "rows", goal: 8 },
  ]);
});
