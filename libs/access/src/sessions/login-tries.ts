import { Injectable } from '@nestjs/common';
import { DomainError } from '@tidings/runtime';
import { RecentMap } from '../tokens/recent-map.js';

const WINDOW_MS = 60_000;
/** A person mistypes no link; so many wrong codes of one address within the window are tries of a program. */
const MOST_FAILURES = 20;
const MAX_ADDRESSES = 10_000;

interface Window {
  readonly beganAt: number;
  readonly failures: number;
}

/** Slows down those who try sign-in codes out, address by address. */
@Injectable()
export class LoginTries {
  private readonly windows = new RecentMap<Window>(MAX_ADDRESSES);

  /** @throws {DomainError} `too_many_requests` */
  demandPatience(address: string): void {
    const window = this.windowOf(address);
    if (window === undefined || window.failures < MOST_FAILURES) return;
    throw new DomainError(
      'too_many_requests',
      { reason: `More than ${MOST_FAILURES} sign-in codes of this address were wrong; wait a minute.` },
      { retryAfterSeconds: (window.beganAt + WINDOW_MS - performance.now()) / 1_000 },
    );
  }

  countFailure(address: string): void {
    const { beganAt, failures } = this.windowOf(address) ?? { beganAt: performance.now(), failures: 0 };
    this.windows.set(address, { beganAt, failures: failures + 1 });
  }

  private windowOf(address: string): Window | undefined {
    const window = this.windows.get(address);
    return window !== undefined && performance.now() - window.beganAt < WINDOW_MS ? window : undefined;
  }
}
