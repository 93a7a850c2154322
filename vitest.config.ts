import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { buildIslands } from "./scripts/islands.mjs";

/** What imports nothing of the platform, and so is tested in plain Node, where a file costs milliseconds. */
const pure = [
  "src/catalogue/**/*.test.ts",
  "src/language/**/*.test.ts",
  // What says in which language all is said: beside pages it would be theirs too.
  "src/admin/words/{german,translated}.test.ts",
  "src/admin/editor/draft/tree/search.test.ts",
  "src/engine/**/*.test.ts",
  "src/automations/templates/**/*.test.ts",
  "src/automations/warnings/{circles,circles-run,conflicts-run,warnings}.test.ts",
  "src/automations/differences.test.ts",
  "src/connectors/lms/moodle/**/*.test.ts",
  "src/queue/destination.test.ts",
  "src/base/{cache,json,pages}.test.ts",
  "src/base/text/text.test.ts",
  "durable-objects/waking.test.ts",
  "durable-objects/{packed,sending,telling,turns}/{offers,packed,telling,turn,upgrades}.test.ts",
  "durable-objects/store/*.test.ts",
  "durable-objects/school/{blocks,gate}.test.ts",
  "src/world/upgrades.test.ts",
  "src/connectors/lms/learnworlds/*.test.ts",
];

/** Kills, planted faults, and whatever starts a server or lives through months: `npm run test:slow`. */
const slow = ["{src,test,client}/**/*.slow.test.ts"];

const sharded = ["src/**/*.sharded.test.ts"];
/** What else is to hold where logs lie in shards: what writes, reads, moves and clears them. */
const alsoSharded = [
  "src/journal/tell.test.ts",
  "src/journal/tables/{changes,tables,usage}.test.ts",
  "src/automations/runs/*.test.ts",
  "src/users/{merging/merge,past/erase}.test.ts",
  "src/held/*.test.ts",
  "src/schools/{life/clear,platform/operations}.test.ts",
  "src/schools/health/*.test.ts",
  "src/http/routes/{automations/automations,runs/deliveries}.test.ts",
];

const limits = ["test/workers/limits/**/*.test.ts"];
/** Evaluates the Worker anew, under which nobody else's objects may be: their alarms would ring in the midst of it. */
const startUp = ["test/workers/limits/start-up.test.ts"];

/** No test takes so long but on a machine that has too much else to do. */
const TIMEOUT_MS = 240_000;

export default defineConfig(async () => {
  await buildIslands();
  const migrations = await readD1Migrations("./migrations");
  const timeouts = { testTimeout: TIMEOUT_MS, hookTimeout: TIMEOUT_MS };
  const logMigrations = await readD1Migrations("./migrations/log");
  const inWorkerd = (
    name: string,
    include: string[],
    exclude: string[],
    { sequence = {}, shards = [] }: { sequence?: { groupOrder?: number }; shards?: string[] } = {},
  ) => ({
    plugins: [
      cloudflareTest({
        // What a release bundles first (wrangler.toml) is taken here as it is written.
        main: "./src/index.ts",
        wrangler: { configPath: "./wrangler.toml" },
        miniflare: {
          // What an earlier release wrote is migrated here: see test/upgrade. And one that nobody migrates.
          d1Databases: ["UPGRADED", "UNMIGRATED", ...shards],
          bindings: {
            ADMIN_TOKEN: "dev-admin-token",
            SECRET_KEY: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            EVIDENCE_KEY: "Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA=",
            LOCAL: "true",
            TEST_MIGRATIONS: migrations,
            TEST_LOG_MIGRATIONS: logMigrations,
          },
        },
      }),
    ],
    test: {
      name,
      include,
      exclude,
      setupFiles: ["./test/workers/setup.ts"],
      // What is logged in an object after the last test of a file is told to the pool with the next message, which never
      // comes, and the file is not ended before that was answered: so logs go past vitest, straight to the terminal.
      disableConsoleIntercept: true,
      // One runtime for all files, not one each (2 s a file): a test makes a school of its own and mocks no module.
      isolate: false,
      sequence,
      ...timeouts,
    },
  });
  return {
    test: {
      // Files in Node beside those in workerd: most of the time is waiting.
      maxWorkers: 2,
      silent: "passed-only" as const,
      reporters: ["default", "./test/closing.ts"],
      projects: [
        {
          test: {
            name: "node",
            include: [...pure, "test/**/*.test.ts", "client/**/*.test.ts"],
            exclude: ["test/workers/**", "test/upgrade/**", ...slow],
            // One process for all files: each would load the catalogue for itself.
            isolate: false,
            ...timeouts,
          },
        },
        inWorkerd(
          "workers",
          [
            "src/**/*.test.{ts,tsx}",
            "durable-objects/**/*.test.ts",
            "test/workers/**/*.test.ts",
            "test/upgrade/*.test.ts",
          ],
          [...pure, ...slow, ...limits, ...sharded],
        ),
        // The log in shards of its own, when all else has ended.
        inWorkerd("shards", [...sharded, ...alsoSharded], slow, {
          sequence: { groupOrder: 3 },
          shards: ["LOG_0", "LOG_1", "LOG_EU_0"],
        }),
        // What goes past the platform's limits is large, and takes half a minute: it runs with what is slow.
        inWorkerd("limits", limits, startUp, { sequence: { groupOrder: 2 } }),
        inWorkerd("start-up", startUp, [], { sequence: { groupOrder: 4 } }),
        {
          test: {
            name: "slow",
            include: slow,
            // What waits for a server wants the machine to itself.
            fileParallelism: false,
            sequence: { groupOrder: 1 },
            ...timeouts,
          },
        },
      ],
    },
  };
});
