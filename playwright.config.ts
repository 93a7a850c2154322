import { defineConfig } from "@playwright/test";

/** The browser of the machine, told to keep to itself. */
export default defineConfig({
  testDir: "test/e2e",
  globalSetup: "./test/e2e/start.ts",
  workers: 1,
  timeout: 120_000,
  // What became of something reaches lists after the log's lag of five seconds, and on a laden machine later.
  expect: { timeout: 20_000 },
  reporter: "list",
  outputDir: "dist/e2e",
  use: {
    actionTimeout: 15_000,
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
