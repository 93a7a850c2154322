// P4: good requests of every route, spoilt in every way (mutate.mjs). None is a 5xx, each refusal has its form, and after
// each the school's digest is what it was. Routes come from the Worker's own table.
import fc from "fast-check";
import { faultsOfRefusal } from "./client.mjs";
import { changed, recipe } from "./mutate.mjs";
import { nameOf, readRoutes } from "./routes.mjs";
import { sampleOf } from "./samples.mjs";
import { changedParts, claimsOf, digestOf, fill, newMark, newSchool, SHARED, userToken } from "./school.mjs";

const INPUTS = { short: 600, long: 50_000 };
/** Refusals in a row that share a digest; one that differs is looked for one by one. */
const GROUP = 20;
/** Inputs that one school takes before another is made: much of it is deleted by then. */
const SCHOOL = 300;
const FAULTS_MAX = 40;
/** There is more to spoil where there is a body. */
const WITH_BODY = 5;

/** A way that leads elsewhere, as the root does, refuses nothing. */
const isFine = ({ status }) => status >= 200 && status < 400;

/** @returns `figures` {inputs, refused, taken, changed, fives} and `faults` */
export async function fuzz({
  client,
  short,
  seed = Date.now() % 1_000_000,
  inputs = short ? INPUTS.short : INPUTS.long,
}) {
  const faults = [];
  const figures = { seed, inputs: 0, refused: 0, taken: 0, changed: 0, fives: 0 };
  // The platform's own are spoilt too, but that one school is not deleted under us.
  const routes = (await readRoutes())
    .filter((route) => !route.admin && !(route.method === "DELETE" && route.path.startsWith("/v1/schools")))
    .flatMap((route) =>
      Array.from({ length: ["none", "unread"].includes(route.bodyKind) ? 1 : WITH_BODY }, () => route),
    );
  const recipes = fc.sample(recipe, { numRuns: inputs, seed, unbiased: true });
  const users = [SHARED.user, SHARED.other];
  const tell = (asked, why) => {
    if (faults.length < FAULTS_MAX)
      faults.push(`${asked.method} ${asked.path.slice(0, 120)} ${asked.body?.subarray(0, 400) ?? ""}: ${why}`);
  };

  for (let from = 0; from < inputs; from += SCHOOL) {
    const school = await newSchool(client);
    const { ids, own, secrets } = await fill(school, newMark("fuzz"));
    const platform = await newSchool(client);
    const token = (route) =>
      route.scopes.includes("platform")
        ? client.adminToken
        : route.scopes.includes("user") && route.scopes.length === 1
          ? userToken(secrets.signing, claimsOf(school.id, SHARED.user))
          : school.key;
    const requestOf = ({ route: share, changes }, n) => {
      const route = routes[Math.floor(share * routes.length)];
      const of = {
        ...ids,
        ...SHARED,
        schools: platform.id,
        template: "welcome",
        unique: `f${from + n}`,
        email: n % 2 ? "anna@acme.com" : undefined,
        own,
      };
      const { path, body, type, headers: more } = sampleOf(route, nameOf(route), of);
      const headers = { authorization: `Bearer ${token(route)}`, ...more, ...(type ? { "content-type": type } : {}) };
      return changed({ method: route.method, path, headers, body }, changes);
    };
    const send = async (asked) => {
      const answer = await client.send(asked).catch((error) => ({ status: 0, text: String(error), headers: {} }));
      if (answer.status === 0 || answer.status >= 500) {
        figures.fives++;
        tell(asked, answer.text.slice(0, 200));
      }
      return answer;
    };
    let before = null;
    const rest = async () => {
      await school.settle();
      for (const { id, status } of (await school.call("GET", "/v1/jobs?limit=100&order=desc")).data)
        if (status === "queued" || status === "running") await school.job(id);
      before = await digestOf(school, users);
    };
    await rest();

    const asked = recipes.slice(from, from + SCHOOL).map(requestOf);
    for (let at = 0; at < asked.length; at += GROUP) {
      const group = asked.slice(at, at + GROUP);
      let refused = [];
      for (const one of group) {
        const answer = await send(one);
        figures.inputs++;
        if (isFine(answer)) figures.taken++;
        else {
          figures.refused++;
          refused.push(one);
          const fault = answer.status ? faultsOfRefusal(answer)[0] : null;
          if (fault) tell(one, `${fault}: ${answer.text.slice(0, 200)}`);
        }
      }
      // What was taken has moved the digest: the refused are sent again, now that all is at rest.
      if (refused.length < group.length) {
        await rest();
        const again = [];
        for (const one of refused) if (!isFine(await send(one))) again.push(one);
        if (again.length < refused.length) await rest();
        refused = again;
      }
      const after = await digestOf(school, users);
      if (after.hash !== before.hash) {
        const parts = changedParts(before, after).join(", ");
        const first = before;
        await rest();
        let found = false;
        for (const one of refused) {
          if (isFine(await send(one))) await rest();
          const now = await digestOf(school, users);
          if (now.hash === before.hash) continue;
          found = true;
          figures.changed++;
          tell(one, `refused, and changed ${difference(before, now)}`);
          before = now;
        }
        if (!found) {
          figures.changed++;
          faults.push(
            `${difference(first, after)}. One of a group of refused requests changed ${parts}, once: ${refused
              .map(({ method, path }) => `${method} ${path.slice(0, 60)}`)
              .join("; ")
              .slice(0, 600)}`,
          );
        }
        await rest();
      }
    }
  }
  return { figures, faults, notes: [`seed ${seed}`] };
}

/** Around the first letter in which two digests differ. */
function difference(before, after) {
  const path = changedParts(before, after)[0] ?? "";
  const [a, b] = [before.parts.get(path) ?? "", after.parts.get(path) ?? ""];
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return `${path}: ${a.slice(Math.max(0, at - 60), at + 60)} → ${b.slice(Math.max(0, at - 60), at + 60)}`;
}
