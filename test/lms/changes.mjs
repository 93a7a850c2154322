// 100,000 changes in a school's feed, and two who pull it: one while they are made, the other afterwards.
import { setTimeout as sleep } from "node:timers/promises";
import { byUser, liveSchool, sendAll, until, withWorker } from "./scene.mjs";

const USERS = 100;
/** Of each user; every one changes `TAGS` tags, to and fro. */
const EVENTS = 20;
const TAGS = 50;
const CHANGES = USERS * EVENTS * TAGS;
/** An answer shows all that an event changed: so many of them stay below what one may hold. */
const BATCH = 50;
const PARTS = 4;
const WAIT_S = 5;
/** A reader to whom nothing new comes for so long gives up. */
const PATIENCE_MS = 60_000;

const tags = Array.from({ length: TAGS }, (_, n) => `tag-${n}`);

export const changes = () =>
  withWorker(async ({ client }) => {
    const school = await liveSchool(client);
    for (const [name, type] of [
      ["give", "tags.add"],
      ["take", "tags.remove"],
    ]) {
      const when = [{ type: "custom", name }];
      const automation = { name, active: true, synchronous: true, when, then: [{ type, tags }] };
      await school.call("POST", "/v1/automations", automation);
    }
    const events = Array.from({ length: EVENTS * USERS }, (_, n) => {
      const round = Math.floor(n / USERS);
      const user = { id: `u${n % USERS}` };
      return { id: `e${n}`, type: round % 2 ? "custom.take" : "custom.give", user };
    });
    const faults = [];
    const reading = { read: 0 };
    const beside = pull(school, reading);
    let meanwhile = 0;
    for (let at = 0; at < events.length; at += events.length / PARTS) {
      // Goes on once something of what was made before is read, and so beside the reading of the rest.
      const begun = await until(() => reading.read > meanwhile || at === 0, PATIENCE_MS);
      if (!begun) faults.push("nothing could be read while changes were made");
      meanwhile = reading.read;
      await sendAll(school, events.slice(at, at + events.length / PARTS), BATCH);
    }
    const readers = { beside: await beside, afterwards: await pull(school) };
    const figures = { users: USERS, events: events.length, made: CHANGES, meanwhile };
    for (const [name, changes] of Object.entries(readers)) {
      const { users, faults: disorder } = byUser(changes);
      const wrong = [...users.values()].filter((own) => !isWhole(own)).length + USERS - users.size;
      figures[name] = { read: changes.length, twice: changes.length - countOf(users), wrong };
      faults.push(...disorder.slice(0, 3).map((fault) => `${name}: ${fault}`));
      if (wrong) faults.push(`${name}: of ${wrong} users something is missing, or not in its place`);
    }
    return { figures, faults };
  });

/** Reads on until all has come, what comes twice counted once; `reading` is told how much has. */
async function pull(school, reading = { read: 0 }) {
  const changes = [];
  const ids = new Set();
  let after = "";
  for (let heardAt = Date.now(); ids.size < CHANGES && Date.now() - heardAt < PATIENCE_MS; ) {
    const page = await school.call("GET", `/v1/changes?limit=1000&wait=${WAIT_S}${after}`);
    after = `&after=${encodeURIComponent(page.next_cursor)}`;
    for (const change of page.data) ids.add(change.id);
    changes.push(...page.data);
    reading.read = ids.size;
    if (page.data.length) heardAt = Date.now();
    else await sleep(50);
  }
  return changes;
}

const countOf = (users) => [...users.values()].reduce((sum, own) => sum + own.length, 0);

/** Whether a user's changes are all that were made, each in its place. */
const isWhole = (own) =>
  own.length === EVENTS * TAGS &&
  own.every(({ type, data }, n) => {
    const wasGiven = Math.floor(n / TAGS) % 2 === 0;
    return type === (wasGiven ? "tag.added" : "tag.removed") && data.tag === tags[n % TAGS];
  });
