import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** Writes how many tests passed, failed and were skipped, for the last line of `npm test`. */
export class CountsReporter implements Reporter {
  /** @param file where the counts go, as JSON; nowhere when vitest was not started by `npm test` */
  constructor(private readonly file: string | undefined) {}

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    if (this.file === undefined) return;
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) {
      const tests = [...module.children.allTests()];
      for (const test of tests) {
        const { state } = test.result();
        // What never came to an end was not passed: the run was cut short.
        counts[state === 'pending' ? 'failed' : state] += 1;
      }
      // A file that cannot be imported, or whose hooks throw, fails without a test that does.
      if (!module.ok() && tests.every((test) => test.result().state !== 'failed')) counts.failed += 1;
    }
    writeFileSync(this.file, JSON.stringify(counts));
  }
}
