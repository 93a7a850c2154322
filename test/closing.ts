import process from "node:process";
import type { Reporter, TestModule, TestSpecification } from "vitest/node";

/** So long a runtime may take to close once all its tests have ended. */
const CLOSED_MS = 30_000;

/** Longer than any test or hook may take: with no news for so long a runtime has ended a file and tells nobody. */
const STILL_MS = 5 * 60_000;

/** EX_TEMPFAIL of sysexits: a runtime stood still. It says nothing of a test; `.ci/run` begins such a run once more. */
const STILL = 75;

/**
 * Says in one line how a run went, and ends one whose tests have all ended but which does not close: a runtime with
 * something left open keeps the pool waiting for ever. Ends one too in which nothing happens any more.
 */
export default class Closing implements Reporter {
  private left = 0;
  private readonly counts = { passed: 0, failed: 0, skipped: 0 };
  private isFailed = false;
  private timer: NodeJS.Timeout | undefined;
  private still: NodeJS.Timeout | undefined;

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    this.left = specifications.length;
    this.stir();
  }

  onTestCaseResult(): void {
    this.stir();
  }

  private stir(): void {
    clearTimeout(this.still);
    this.still = setTimeout(() => this.giveUp(), STILL_MS);
  }

  onTestModuleEnd(module: TestModule): void {
    for (const one of module.children.allTests()) {
      const { state } = one.result();
      if (state !== "pending") this.counts[state]++;
    }
    this.isFailed ||= !module.ok();
    this.stir();
    if (--this.left === 0) this.timer = setTimeout(() => this.end(), CLOSED_MS);
  }

  onTestRunEnd(): void {
    clearTimeout(this.timer);
    clearTimeout(this.still);
    this.tell();
  }

  private tell(): void {
    const { passed, failed, skipped } = this.counts;
    console.log(`\nvitest: ${passed} passed, ${failed} failed, ${skipped} skipped`);
  }

  private giveUp(): never {
    console.error(
      `Nothing has happened for ${STILL_MS / 60_000} minutes: a runtime stands still, ${this.left} files are left.`,
    );
    this.tell();
    process.exit(STILL);
  }

  private end(): never {
    console.error("All tests have ended; the runtime does not close, and is left to itself.");
    this.tell();
    process.exit(this.isFailed ? 1 : 0);
  }
}
