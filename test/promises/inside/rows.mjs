// The promises tried within the runtime: each a file of tests, beside what is taken out of the source, one at a time,
// for one of them to fail. `find` is in its file exactly once; one that is `long` is planted in the long profile alone.
// `together`: in the short profile all faults of the row are planted at once.
const FOLDER = "test/workers/promises";

const EPOCHS = "a school deleted while events flow leaves nothing, and the next of its id sees nothing of it";
const INACTIVITY = "inactivity fires once a stretch, and never early, however cron comes";
const SYNCHRONOUS = "what synchronous automations do is in the answer, once, and waits for no server";
const SPELLINGS = "nobody gets further by a spelling of an address than by the address";
const IMPOSSIBLE = "what another change makes impossible changes nothing at all";
const BOTH = "of two changes at once both stand, each upon the one before";

export const ROWS = {
  overtaken: {
    of: `${FOLDER}/overtaken.test.ts`,
    // Each fault is in the way of one test alone.
    together: true,
    faults: [
      {
        name: "an automation is changed however it stands by then",
        file: "src/automations/change.ts",
        find: "    requireRow(db, automations, and(which, eq(automations.revision, before.revision))),\n    moveStamp",
        plant: "    moveStamp",
        test: `${IMPOSSIBLE} an automation is changed with its ETag`,
      },
      {
        long: true,
        name: "an automation is replaced however it stands by then",
        file: "src/automations/change.ts",
        find: "    requireRow(db, automations, and(which, eq(automations.revision, before.revision))),\n    moveStamp",
        plant: "    moveStamp",
        test: `${IMPOSSIBLE} an automation is replaced`,
      },
      {
        name: "an automation is deleted that is gone by then",
        file: "src/automations/change.ts",
        find: "      requireRow(db, automations, and(which, eq(automations.revision, before.revision))),\n      moveStamp",
        plant: "      moveStamp",
        test: `${IMPOSSIBLE} an automation is deleted`,
      },
      ...[
        "definitions are imported",
        "definitions are imported whose segment goes",
        "a segment is changed",
        "a segment is deleted that a sync comes to use",
        "a rule is made",
        "a rule is changed",
        "a rule is deleted",
        "a sync is made",
        "a sync is changed",
        "a field is changed",
        "a field is deleted that a rule comes to use",
        "an auto group is made",
        "an auto group is deleted",
      ].map((place, n) => ({
        name: `the school's stamp is not asked as ${place}`,
        file: "src/segments/write.ts",
        find: "    requireRow(db, schools, and(eq(schools.id, school.id), eq(schools.stamp, stamp))),\n",
        plant: "",
        test: `${IMPOSSIBLE} ${place}`,
        // One and the same guard: in a hurry it is taken out once, for all that are tried in one run.
        long: n > 0,
      })),
      {
        name: "settings are written over whatever was set meanwhile",
        file: "src/schools/life/change.ts",
        find: "sql`case when ",
        plant: "sql`case when true or ",
        test: `${BOTH} the school's settings`,
      },
      {
        name: "an automation is stopped for failures that somebody has dealt with",
        file: "src/queue/failures.ts",
        find: "    requireRow(db, automations, and(which, eq(automations.revision, row.revision))),\n",
        plant: "",
        test: "an automation of which too much has failed is not stopped, nor said to be, where somebody did so meanwhile",
      },
      {
        name: "a school is deleted that is gone by then",
        file: "src/schools/life/delete.ts",
        find: "      requireRow(db, schools, eq(schools.id, id)),\n",
        plant: "",
        test: "a school that is deleted twice at once is said to be once, and the second time is not there",
      },
    ],
  },
  epochs: {
    of: `${FOLDER}/epochs.test.ts`,
    faults: [
      {
        name: "the object does not ask which school of the id it is",
        file: "durable-objects/parts.ts",
        find: "return school?.epoch === place.epoch ? school : null;",
        plant: "return school;",
        test: EPOCHS,
      },
      {
        long: true,
        name: "the object does not ask whether its school was deleted",
        file: "durable-objects/waking.ts",
        find: "      if (await source.isDeleted()) await leave();\n",
        plant: "",
        test: EPOCHS,
      },
      {
        name: "the log is written whether its school is there or not",
        file: "src/journal/write.ts",
        find: "      env.DB.prepare(REQUIRE_LOGS).bind(schoolsOf(here)),\n",
        plant: "",
        test: EPOCHS,
      },
      {
        name: "a school is made whatever was deleted",
        file: "src/schools/life/create.ts",
        find: "      requireNoRow(db, deletedSchools, and(eq(deletedSchools.id, id), isNotNull(deletedSchools.lookAt))),\n",
        plant: "",
        test: EPOCHS,
      },
      {
        long: true,
        name: "a school made anew counts on from nothing",
        file: "src/schools/life/create.ts",
        find: "epoch: epochAfter(before?.epoch ?? 0, jurisdiction),",
        plant: "epoch: epochAfter(0, jurisdiction),",
        test: EPOCHS,
      },
      {
        name: "an object's name does not say of which school of the id",
        file: "src/calls/reaching/stub.ts",
        find: "JSON.stringify(epoch === 1 ? [school, user] : [school, user, epoch]);",
        plant: "JSON.stringify(epoch ? [school, user] : []);",
        test: EPOCHS,
      },
      {
        long: true,
        name: "rows are cleared of a school that is there again",
        file: "src/schools/life/clear.ts",
        find: "    requireNoRow(db, schools, eq(schools.id, id)),\n",
        plant: "",
        of: "src/schools/life/clear.test.ts",
        test: "a school made anew under the id of a deleted one is not cleared by a message that comes late",
      },
    ],
  },
  inactivity: {
    of: `${FOLDER}/inactivity.test.ts`,
    faults: [
      {
        name: "cron forgets where it was",
        file: "src/users/scan/page.ts",
        find: "const from: Place = { at: row.at ?? high, user: row.user };",
        plant: "const from: Place = { at: high - 60_000, user: row.user };",
        test: INACTIVITY,
      },
      {
        name: "the stretch is not part of the cause",
        file: "src/engine/time/due.ts",
        find: "if (away[key] === base.at) continue;",
        plant: "if (key in away) continue;",
        test: INACTIVITY,
      },
      {
        long: true,
        name: "days are of 24 hours",
        file: "src/engine/time/due.ts",
        find: "const due = addDays(base.at, days, zone);",
        plant: "const due = addDays(base.at, days, zone && 'UTC');",
        test: INACTIVITY,
      },
    ],
  },
  synchronous: {
    of: `${FOLDER}/synchronous.test.ts`,
    faults: [
      {
        name: "synchronous automations wait for their turn too",
        file: "src/engine/turns.ts",
        find: "if (automation.program.synchronous) execute(work, run);",
        plant: "if (automation.program.synchronous && run.queued) execute(work, run);",
        test: SYNCHRONOUS,
      },
      {
        name: "a copy of an event is another one",
        file: "durable-objects/store/store.ts",
        find: "entry.eventId === id && entry.hash",
        plant: "false && entry.eventId === id && entry.hash",
        test: SYNCHRONOUS,
      },
    ],
  },
  spellings: {
    of: `${FOLDER}/spellings.test.ts`,
    faults: [
      {
        name: "who may call is looked up by the text of the path",
        file: "src/http/app.ts",
        find: "    requireAccess(isDryRun(route, url) ? onlyReading(route) : route, caller.credential);\n",
        plant:
          '    const text = new URL(url).pathname.split("/");\n' +
          '    if (declared.path.split("/").every((part) => part.startsWith(":") || text.includes(part)))\n' +
          "      requireAccess(isDryRun(route, url) ? onlyReading(route) : route, caller.credential);\n",
        test: SPELLINGS,
      },
      {
        name: "the role for a page is looked up by the text of the path",
        file: "src/admin/page.ts",
        find: "      requireRole(c.var.visit.role, role);\n",
        plant: '      if (!new URL(c.req.url).pathname.includes("%")) requireRole(c.var.visit.role, role);\n',
        test: SPELLINGS,
      },
    ],
  },
};
