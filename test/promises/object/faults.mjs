// Faults planted in what surrounds the engine: the object, the queue's consumer, the log, the watchdog, the border of D1.
// Each takes one defence out; `find` is in its file exactly once; `test` is the one, of `of`, that must then fail. The
// first are those of the short profile.
const USER = "durable-objects/user.test.ts";
const OUTBOX = "durable-objects/sending/outbox.test.ts";
const LOG = "durable-objects/log.test.ts";
const ERASE = "durable-objects/erase.test.ts";
const FAILURE = "durable-objects/failure.test.ts";
const DELIVERIES = "src/queue/deliveries.test.ts";
const UPGRADE = "test/upgrade/upgrade.test.ts";
const EXPORT = "src/users/past/export.test.ts";
const COUNTS = "src/journal/tables/counts.test.ts";

export const FAULTS = [
  {
    name: "what the queue lost is not offered again",
    file: "durable-objects/waking.ts",
    find: "    else offer(school);\n",
    plant: "",
    of: OUTBOX,
    test: "a message that is lost is sent again, after an eviction too",
  },
  {
    name: "a claim is no lease: two consumers have a delivery at once",
    file: "durable-objects/sending/outbox.ts",
    find: " || item.leasedUntil > realNow) return null;",
    plant: ") return null;",
    of: OUTBOX,
    test: "a claim is given to one consumer, and to the next when its lease has ended",
  },
  {
    name: "a task that throws takes the alarm along",
    file: "durable-objects/waking.ts",
    find: "      defer(this.parts.clock() + DEFER_MS);\n",
    plant: "      if (error) throw error;\n",
    of: FAILURE,
    test: "the alarm fails: however often a task throws, it is set again, and in the end the wait is done",
  },
  {
    name: "the alarm is not set again for what is left",
    file: "durable-objects/waking.ts",
    find: "    this.rings = false;\n    this.arm();\n",
    plant: "    this.rings = false;\n",
    of: FAILURE,
    test: "the alarm fails: however often a task throws, it is set again, and in the end the wait is done",
  },
  {
    name: "an object that wakes up sets no lost alarm",
    file: "durable-objects/waking.ts",
    find: "        if (!this.rings) this.arm();\n",
    plant: "",
    of: USER,
    test: "the alarm that was lost is set anew when the object wakes up",
  },
  {
    name: "the log is forgotten when it is read, before D1 has written it",
    file: "durable-objects/telling/telling.ts",
    find: "    this.inFlight.set(pending.batch.seq, pending.told);\n",
    plant: "    heard(packed, pending.batch.seq, pending.told);\n",
    of: LOG,
    test: "the log is kept until D1 has it, and offered again when it does not",
  },
  {
    name: "the alarm does not ask D1 what it knows",
    file: "durable-objects/telling/telling.ts",
    find: "    if (items && (await isWritten(items))) {",
    plant: "    if (items && !items) {",
    of: FAILURE,
    test: "D1 fails: what it has heard it is not told again by the alarm, though the object's memory goes before that rings",
  },
  {
    name: "event ids are not kept",
    file: "durable-objects/turns/turn.ts",
    find: "      ...(event?.hash ? { hash: event.hash } : {}),\n",
    plant: "",
    of: USER,
    test: "an event sent again is known after an eviction",
  },
  {
    name: "event ids of whoever is erased are not kept",
    file: "durable-objects/store/store.ts",
    find: "    return idsToKeep(this.sql, this.tables, packed, at);\n",
    plant: "    return idsToKeep(this.sql, this.tables, packed, at).slice(0, 0);\n",
    of: ERASE,
    test: "erasing a user lets a copy of an event bring nobody back, after an eviction too; another event starts afresh",
  },
  {
    name: "a turn that throws is not taken back",
    file: "durable-objects/turns/turn.ts",
    find: "        store.open();\n        throw error;",
    plant: "        throw error;",
    of: FAILURE,
    test: "a turn throws half way: it has not happened, in memory neither",
  },
  {
    name: "what a release has left is not brought over",
    file: "durable-objects/store/store.ts",
    find: "    if (isEarlier(this.tables)) {",
    plant: "    if (isEarlier(this.tables) && !this.tables) {",
    of: UPGRADE,
    test: "what release 516b812 stored goes on with another event, and keeps what follows: ben",
  },
  {
    name: "the export has forgotten a table",
    file: "src/journal/held/held.ts",
    find: '  activity: rowsOf("activity"),\n',
    plant: "",
    of: EXPORT,
    test: "every table of D1 and of the object is known to hold something of a user, or nothing",
  },
  {
    name: "a cut goes through a character",
    file: "durable-objects/store/slices.ts",
    find: "    if (to < text.length && last >= 0xd800 && last <= 0xdbff) to--;\n",
    plant: "    if (to < text.length && last > 0xffff) to--;\n",
    of: USER,
    test: 'a user with more to keep than a row holds is kept whole, wherever the cuts fall: "x"',
  },
  {
    name: "what the queue refused counts as offered",
    file: "durable-objects/sending/offers.ts",
    find: "          for (const id of fresh) this.leases.delete(id);\n          log(",
    plant: "          log(",
    of: FAILURE,
    test: "the queue fails: what it refused is offered again with the next turn",
  },
  {
    name: "a message is done with though its work failed",
    file: "src/queue/consume.ts",
    find: "  message.retry({ delaySeconds: pauseSeconds(message.attempts, least) });\n",
    plant: "  message.ack();\n",
    of: FAILURE,
    test: "the queue fails: a message whose work fails comes again, and those beside it do not",
  },
  {
    name: "a batch waits for what the world takes its time for",
    file: "src/queue/deliveries.ts",
    find: "    context.waitUntil(work.finally(resolve));\n",
    plant: "    settled.push(work.finally(resolve));\n",
    of: DELIVERIES,
    test: "a batch is done with while a server still thinks, and what that answers is settled",
  },
  {
    name: "a destination has no share",
    file: "src/queue/destination.ts",
    find: "  if (underWay.size < ((mustBeQuick ? isQuick : works) ? LARGER_SHARE : SHARE)) return",
    plant: "  if (underWay.size < ((mustBeQuick ? isQuick : works) ? LARGER_SHARE : Infinity)) return",
    of: DELIVERIES,
    test: "a batch has a share of one destination under way; the rest leaves for the slow queue, and nobody has claimed it",
  },
  {
    name: "what the slow queue puts off is offered by its object too",
    file: "durable-objects/sending/outbox.ts",
    find: "  item.dueAt = Math.max(item.dueAt, until);\n",
    plant: "  item.dueAt = Math.max(item.dueAt, Math.min(until, realNow));\n",
    of: DELIVERIES,
    test: "what has to leave the slow queue is offered by its object again only if the slow queue has lost it",
  },
  {
    name: "nobody says again that there is a log to write",
    file: "durable-objects/waking.ts",
    find: "    await this.attempt(() => this.parts.telling.announceAgain());\n",
    plant: "",
    of: LOG,
    test: "the log is kept until D1 has it, and offered again when it does not",
  },
  {
    name: "a batch that comes late undoes a newer one",
    file: "src/journal/tables/statement.ts",
    find: "    where excluded.seq ${",
    plant: "    where 9e15 ${",
    of: COUNTS,
    test: "runs told in any order, some twice, some never stand as they last were, in one table, and are counted as they stand",
  },
  {
    name: "D1 keeps what was written of somebody erased meanwhile",
    file: "durable-objects/telling/telling.ts",
    find: "    if (!packed) return { erasedBelow: Number.MAX_SAFE_INTEGER, hasNews: false };",
    plant: "    if (!packed) return { erasedBelow: null, hasNews: false };",
    of: ERASE,
    test: "erasing a user while the queue writes the user's log leaves nothing in D1",
  },
  {
    name: "the watchdog looks at nobody",
    file: "src/cron/tick.ts",
    find: "const EACH_MINUTE = { scanSchools, watch, resumeJobs, clearSchools, endDueSchools, takeUpPlatformJobs, writeCounted };",
    plant:
      "const EACH_MINUTE = { scanSchools, resumeJobs, clearSchools, endDueSchools, takeUpPlatformJobs, writeCounted, ...(watch ? {} : {}) };",
    of: USER,
    test: "the alarm that was lost is made good for by the watchdog",
  },
  {
    name: "nobody looks at consent before a letter leaves",
    file: "durable-objects/sending/outbox.ts",
    find: 'if (kind === "marketing" && marketingConsent !== true) return "no_consent";',
    plant: "",
    of: OUTBOX,
    test: "the last look withholds marketing once consent is withdrawn",
  },
  {
    name: "a delivery in flight is tried again after its run has exited",
    file: "durable-objects/sending/outbox.ts",
    find: "  if (item.isRecalled) return finishRecalled(packed, item);\n  if (again === null)",
    plant: "  delete item.isRecalled;\n  if (again === null)",
    of: OUTBOX,
    test: "the last look lets one call in flight at the exit finish, and makes no second attempt",
  },
];

/** So many, from the first, fit into the short profile. */
export const SHORT = 10;
