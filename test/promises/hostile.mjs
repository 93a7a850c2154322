// The sixty hostile inputs, each with the answer it must get. After every refusal nothing has changed: the digest of the
// school says so. Where the contract and a row disagree, the contract wins; such rows say so in `notes`.

import { faultsOfRefusal } from "./client.mjs";
import { addresses } from "./hostile/addresses.mjs";
import { bodies } from "./hostile/bodies.mjs";
import { credentials } from "./hostile/credentials.mjs";
import { definitions } from "./hostile/definitions.mjs";
import { events } from "./hostile/events.mjs";
import { others } from "./hostile/others.mjs";
import { running } from "./hostile/running.mjs";
import { texts } from "./hostile/texts.mjs";
import { changedParts, digestOf, newSchool } from "./school.mjs";

/** An answer to a refused request may take so long on an idle machine; a slower one is a note. */
const SLOW_MS = 200;
const ROWS = 60;

/** @returns `figures` {rows, inputs, refused, leaks, fives, slow}, `faults`, and `notes` on single rows */
export async function hostile({ client, worker, only = null }) {
  const faults = [];
  const notes = [];
  const done = new Set();
  const figures = { rows: 0, inputs: 0, refused: 0, changed: 0, leaks: 0, fives: 0, slow: 0 };

  /** What a row is given: a school of its own, and how to say what must come of a request. */
  async function stageOf(row) {
    const school = await newSchool(client, { settings: { allowed_origins: ["https://school.example.com"] } });
    let users = ["u1"];
    let before = await digestOf(school, users);
    const fail = (what, why) => faults.push(`${row}. ${what}: ${why}`);

    const send = async (asked) => {
      const answer = await client.send({ method: "POST", path: "/v1/events", token: school.key, ...asked });
      figures.inputs++;
      if (answer.status >= 500) figures.fives++;
      return answer;
    };
    /** Takes a new digest, after what was meant to change something. */
    const renew = async (more = users) => {
      users = more;
      await school.settle();
      before = await digestOf(school, users);
    };
    const unchanged = async (what) => {
      const after = await digestOf(school, users);
      if (after.hash === before.hash) return;
      figures.changed++;
      fail(what, `refused, and changed ${changedParts(before, after).join(", ")}`);
      before = after;
    };
    const judge = async (what, status, answer) => {
      figures.refused++;
      if (![status].flat().includes(answer.status))
        fail(what, `${answer.status} instead of ${status}: ${answer.text.slice(0, 200)}`);
      if (answer.status >= 300) {
        for (const fault of faultsOfRefusal(answer)) fail(what, fault);
        if (answer.text.includes(school.key)) {
          figures.leaks++;
          fail(what, "tells the key");
        }
        if (answer.ms > SLOW_MS) figures.slow++;
      }
      await unchanged(what);
      return answer;
    };
    return {
      client,
      worker,
      school,
      send,
      renew,
      unchanged,
      fail,
      note: (text) => notes.push(`${row}. ${text}`),
      /** Must be refused so, and change nothing. */
      refused: async (what, status, asked) => judge(what, status, await send(asked)),
      judge,
      /** Must be taken; resolves to the body. */
      taken: async (what, asked, status = [200, 201, 202, 204]) => {
        const answer = await send(asked);
        if (![status].flat().includes(answer.status))
          fail(what, `${answer.status} instead of ${status}: ${answer.text.slice(0, 300)}`);
        await renew();
        return answer.json;
      },
      holds: (what, does) => does || fail(what, "does not hold"),
    };
  }

  const rows = {
    ...credentials,
    ...bodies,
    ...events,
    ...definitions,
    ...running,
    ...texts,
    ...addresses,
    ...others,
  };
  for (let row = 1; row <= ROWS; row++) {
    if (only && !only.includes(row)) continue;
    const check = rows[row];
    if (!check) {
      faults.push(`${row}. is not tested`);
      continue;
    }
    done.add(row);
    await check(await stageOf(row)).catch((error) => faults.push(`${row}. ${error.stack?.slice(0, 600)}`));
  }
  figures.rows = done.size;
  return { figures, faults, notes };
}

/** The base request of the list, with what differs. */
export const base = (differs = {}) => ({
  id: "e1",
  type: "user.signed_up",
  user: { id: "u1", email: "a@example.com" },
  data: {},
  occurred_at: "2026-01-05T09:00:00.000Z",
  ...differs,
});

export const JSON_TYPE = { "content-type": "application/json" };
