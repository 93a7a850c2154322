// Holds the directions of imports that .dependency-cruiser.mjs pictures, and draws them into docs/floors.md:
// `node scripts/floors.mjs` checks, also that the drawing is today's; `--draw` draws it anew.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { cruise } from "dependency-cruiser";
import rules, { FLOORS } from "../.dependency-cruiser.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const drawing = `${root}docs/floors.md`;
process.chdir(root);

const { options, ...ruleSet } = rules;
const { output } = await cruise(["src", "durable-objects"], { ...options, ruleSet, validate: true });
const { modules, summary } = output;

/** The room a file is in, or undefined. */
const roomOf = (file) => FLOORS.flat().find((room) => file === room || file.startsWith(`${room}/`));

function draw() {
  const arrows = new Map();
  for (const { source, dependencies } of modules) {
    for (const { resolved } of dependencies) {
      const [from, to] = [roomOf(source), roomOf(resolved)];
      if (!from || !to || from === to) continue;
      const arrow = `${from} --> ${to}`;
      arrows.set(arrow, (arrows.get(arrow) ?? 0) + 1);
    }
  }
  const sizes = new Map();
  for (const { source } of modules) sizes.set(roomOf(source), (sizes.get(roomOf(source)) ?? 0) + 1);
  const rows = FLOORS.map((rooms, index) => {
    const cells = rooms
      .filter((room) => sizes.has(room))
      .map((room) => {
        const below = [...arrows.keys()].filter((arrow) => arrow.startsWith(`${room} --> `));
        const names = below.map((arrow) => `${arrow.split(" --> ")[1].replace("src/", "")} ${arrows.get(arrow)}`);
        return `| ${FLOORS.length - index} | \`${room}\` | ${sizes.get(room)} | ${names.join(" · ") || "nothing"} |`;
      });
    return cells.join("\n");
  }).filter((row) => row !== "");
  return `# Floors

Drawn from the imports themselves by \`npm run floors\`; \`npm run check:floors\` fails when it is not today's. A room
imports from floors below its own and within itself, types included, and there is no circle. The rules are
\`.dependency-cruiser.mjs\`.

| floor | room | files | imports from, and how often |
| --- | --- | --- | --- |
${rows.join("\n")}
`;
}

const faults = summary.violations.map(({ rule, from, to, cycle }) =>
  cycle?.length
    ? `${rule.name}: ${from} -> ${cycle.map(({ name }) => name).join(" -> ")}`
    : `${rule.name}: ${from} -> ${to}`,
);

// A parser that cannot read a language sees no file of it, and finds nothing wrong.
const there = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "src", "durable-objects"], {
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => /\.tsx?$/.test(file) && !/\.(test|d)\.tsx?$/.test(file) && existsSync(file));
const seen = new Set(modules.map(({ source }) => source));
for (const file of there) if (!seen.has(file)) faults.push(`not seen: ${file}`);
const arrows = modules.reduce((sum, { dependencies }) => sum + dependencies.length, 0);
if (arrows < there.length) faults.push(`only ${arrows} imports were seen in ${there.length} files`);

if (process.argv.includes("--draw")) writeFileSync(drawing, draw());
else if (!existsSync(drawing) || readFileSync(drawing, "utf8") !== draw())
  faults.push("docs/floors.md is not today's: npm run floors");

for (const fault of faults) console.error(fault);
console.log(`floors: ${there.length} files, ${arrows} imports, ${faults.length} faults`);
process.exitCode = faults.length ? 1 : 0;
