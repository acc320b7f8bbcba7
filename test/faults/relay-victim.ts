import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** How long a relay lives once it sends, milliseconds. */
const LIFETIME = { least: 100, most: 3_000 } as const;
/** One that has nothing to send is killed, too. */
const IDLE_MS = 10_000;

const PROGRAM = join(import.meta.dirname, 'outbox-relay.mjs');

/** A relay that is killed every few seconds, and started again at once. */
export class RelayVictim {
  kills = 0;
  private alive = true;
  private child: ChildProcess | undefined;
  private tellSpared: () => void = () => undefined;
  private readonly spared = new Promise<void>((resolve) => (this.tellSpared = resolve));
  private readonly round: Promise<void>;

  constructor(private readonly env: Readonly<Record<string, string>>) {
    this.round = this.killForEver();
  }

  /** Lets the present one live. */
  async spare(): Promise<void> {
    this.alive = false;
    this.tellSpared();
    await this.round;
  }

  async stop(): Promise<void> {
    await this.spare();
    await this.kill();
  }

  private async killForEver(): Promise<void> {
    while (this.alive) {
      const child = spawn(process.execPath, [PROGRAM], {
        env: { ...process.env, ...this.env },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      this.child = child;
      const idle = new AbortController();
      const sends = once(child.stdout, 'data', { signal: idle.signal }).catch(() => undefined);
      await Promise.race([
        sends,
        this.spared,
        delay(IDLE_MS, undefined, { signal: idle.signal }).catch(() => undefined),
      ]);
      idle.abort();
      await Promise.race([delay(randomInt(LIFETIME.least, LIFETIME.most)), this.spared]);
      if (!this.alive) return;
      await this.kill();
      this.kills += 1;
    }
  }

  private async kill(): Promise<void> {
    const { child } = this;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}
