import { setTimeout as delay } from 'node:timers/promises';
import { BackOff } from './back-off.js';
import { ConnectorFailure, messageOf } from './connector-failure.js';
import type { ConnectorSession, RunningConnector } from './connector-session.js';

/** Keeps one connector going until it is stopped: attempt after attempt, with pauses in between. */
export class ConnectorRun {
  private readonly ending = new AbortController();
  private readonly ended: Promise<void>;

  /** @param warn told once for every failure that differs from the one before */
  constructor(
    private readonly connector: RunningConnector,
    private readonly session: ConnectorSession,
    private readonly warn: (message: string) => void,
  ) {
    this.ended = this.run();
  }

  /** Ends the attempt under way, and waits for what it took. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.ended;
    await this.session.flow.stop();
    await this.connector.close?.();
  }

  private async run(): Promise<void> {
    const { signal } = this.ending;
    const { journal } = this.session;
    const backOff = new BackOff();
    let told = '';
    while (!signal.aborted) {
      if (journal.state !== 'running') journal.enter('connecting');
      let pause: number;
      try {
        pause = await this.connector.attempt(signal);
        backOff.reset();
        told = '';
      } catch (error) {
        if (signal.aborted) return;
        const message = messageOf(error);
        journal.failed(message);
        if (message !== told) this.warn(message);
        told = message;
        // A connection that stood for a while was no failure to connect.
        if (journal.state === 'running') backOff.reset();
        journal.enter('failing');
        pause = Math.max(backOff.pause(), error instanceof ConnectorFailure ? (error.retryAfterMs ?? 0) : 0);
      }
      await delay(pause, undefined, { signal }).catch(() => undefined);
    }
  }
}
