import process from "node:process";
import type { Reporter, TestModule, TestSpecification } from "vitest/node";

/** So long a runtime may take to close once all its tests have ended. */
const CLOSED_MS = 30_000;

/**
 * Says in one line how a run went, and ends one whose tests have all ended but which does not close: a runtime with
 * something left open keeps the pool waiting for ever.
 */
export default class Closing implements Reporter {
  private left = 0;
  private readonly counts = { passed: 0, failed: 0, skipped: 0 };
  private isFailed = false;
  private timer: NodeJS.Timeout | undefined;

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    this.left = specifications.length;
  }

  onTestModuleEnd(module: TestModule): void {
    for (const one of module.children.allTests()) {
      const { state } = one.result();
      if (state !== "pending") this.counts[state]++;
    }
    this.isFailed ||= !module.ok();
    if (--this.left === 0) this.timer = setTimeout(() => this.end(), CLOSED_MS);
  }

  onTestRunEnd(): void {
    clearTimeout(this.timer);
    this.tell();
  }

  private tell(): void {
    const { passed, failed, skipped } = this.counts;
    console.log(`\nvitest: ${passed} passed, ${failed} failed, ${skipped} skipped`);
  }

  private end(): never {
    console.error("All tests have ended; the runtime does not close, and is left to itself.");
    this.tell();
    process.exit(this.isFailed ? 1 : 0);
  }
}
