// npm run check:licences: whether all that a release is made of has a licence under which it may be passed on: what the
// Worker depends on, however far, and what is bundled into client/. Development tools are not passed on.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

const ALLOWED = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MIT-0",
  "Unlicense",
]);

/** Whether an SPDX expression lets us choose only licences of the list: of `OR` one is enough, of `AND` each is needed. */
export function isAllowed(expression) {
  const tokens = expression.match(/\(|\)|[^\s()]+/g) ?? [];
  let at = 0;
  const either = () => {
    let found = both();
    while (tokens[at] === "OR") {
      at++;
      found = both() || found;
    }
    return found;
  };
  const both = () => {
    let found = one();
    while (tokens[at] === "AND") {
      at++;
      found = one() && found;
    }
    return found;
  };
  const one = () => {
    const token = tokens[at++];
    if (token !== "(") return ALLOWED.has(token);
    const found = either();
    return tokens[at++] === ")" && found;
  };
  return either() && at === tokens.length;
}

/**
 * What is passed on, [place in node_modules, version, licence or undefined], out of a lock file and what client/ bundles.
 * @param {{packages: Record<string, {dev?: boolean, link?: boolean, version: string, license?: string, dependencies?: Record<string, string>}>}} lock
 * @param {readonly string[]} bundled
 * @returns {[string, string, string | undefined][]}
 */
export function passedOn({ packages }, bundled) {
  const places = new Set(
    Object.entries(packages)
      .filter(([place, one]) => place.includes("node_modules/") && !one.link && !one.dev)
      .map(([place]) => place),
  );
  const found = (name, from) =>
    [`${from}/node_modules/${name}`, `node_modules/${name}`].find((place) => packages[place]);
  const add = (name, from) => {
    const place = found(name, from);
    if (place === undefined || places.has(place)) return;
    places.add(place);
    for (const other of Object.keys(packages[place].dependencies ?? {})) add(other, place);
  };
  for (const name of bundled) add(name, "client");
  return [...places].sort().map((place) => [place, packages[place].version, packages[place].license]);
}

/** What client/ has in its bundles: its development dependencies, since nobody installs them with it. */
export const bundledInClient = () =>
  Object.keys(JSON.parse(readFileSync(`${root}client/package.json`, "utf8")).devDependencies);

export const lockFile = () => JSON.parse(readFileSync(`${root}package-lock.json`, "utf8"));

/** As the package itself says, where it is installed. */
const licenceOf = (place, locked) => {
  const file = `${root}${place}/package.json`;
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).license : locked;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const all = passedOn(lockFile(), bundledInClient());
  const wrong = all
    .map(([place, version, locked]) => [place, version, licenceOf(place, locked)])
    .filter(([, , licence]) => typeof licence !== "string" || !isAllowed(licence));
  for (const [place, version, licence] of wrong)
    console.error(`${place} ${version}: ${licence ?? "it names no licence"} is not on the list`);
  console.log(`licences: ${all.length} packages, ${wrong.length} that may not be passed on`);
  process.exitCode = wrong.length ? 1 : 0;
}
