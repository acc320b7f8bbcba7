import { randomInt } from 'node:crypto';
import { type App, AppProcess, type ProcessEnvironment, startApp } from '../harness/app-process.js';
import { until } from '../harness/until.js';

/** How long it may live, milliseconds. */
const LIFETIME = { least: 500, most: 15_000 } as const;

/** An app, killed at random and started again at once. */
export class Victim {
  private alive = true;
  private kills = 0;
  private process: AppProcess | undefined;
  private round: Promise<void> = Promise.resolve();

  /** @param onKilled awaited after each kill, before it starts again */
  constructor(
    private readonly app: App,
    private readonly env: ProcessEnvironment,
    private readonly onKilled: () => Promise<void> = () => Promise.resolve(),
  ) {}

  keepKilling(): void {
    this.round = this.killForEver();
  }

  /** Stops the killing and starts it a last time. @returns how often it was killed */
  async leaveAlive(): Promise<number> {
    this.alive = false;
    await this.round;
    return this.kills;
  }

  async stop(): Promise<void> {
    await this.process?.stop();
  }

  private async killForEver(): Promise<void> {
    while (this.alive) {
      this.process = await AppProcess.spawn(this.app, this.env);
      const end = performance.now() + randomInt(LIFETIME.least, LIFETIME.most);
      await Promise.race([
        this.process.ended,
        until(() => !this.alive || performance.now() >= end, { timeout: LIFETIME.most * 2 }),
      ]);
      if (!this.alive) break;
      const { signal } = await this.process.stop('SIGKILL');
      if (signal === 'SIGKILL') this.kills += 1;
      await this.onKilled();
    }
    // It may have ended by itself in the last moment, or not have been there at all.
    await this.process?.stop();
    this.process = await startApp(this.app, this.env);
  }
}
