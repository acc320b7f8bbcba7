import { DomainError } from '@tidings/runtime';

/** What one token may have at once, and how further ones wait. */
export interface ShareSettings {
  readonly most: number;
  /** How long one that is too many waits for its turn, milliseconds. */
  readonly patienceMs: number;
  /** As many may wait, at most. */
  readonly waiting: number;
  /** What a caller is told who has waited in vain. */
  readonly refusal: string;
}

interface Share {
  running: number;
  readonly waiting: Set<() => void>;
}

/** Shares what a process can do among tokens: one that asks for much waits for itself, and holds up nobody else. */
export class TokenShares {
  private readonly shares = new Map<string, Share>();

  constructor(private readonly settings: ShareSettings) {}

  /**
   * Waits until the token may have one more.
   * @returns gives it back; calling it again does nothing
   * @throws {DomainError} `too_many_requests`
   */
  async enter(tokenId: string): Promise<() => void> {
    const share = this.shares.get(tokenId) ?? { running: 0, waiting: new Set() };
    this.shares.set(tokenId, share);
    if (share.running < this.settings.most) share.running += 1;
    else await this.turn(share);
    let isBack = false;
    return () => {
      if (isBack) return;
      isBack = true;
      const [next] = share.waiting;
      if (next !== undefined) next();
      else share.running -= 1;
      if (share.running === 0) this.shares.delete(tokenId);
    };
  }

  private async turn(share: Share): Promise<void> {
    const { waiting, patienceMs, refusal } = this.settings;
    const refused = (): DomainError => new DomainError('too_many_requests', { reason: refusal });
    if (share.waiting.size >= waiting) throw refused();
    await new Promise<void>((resolve, reject) => {
      const proceed = (): void => {
        clearTimeout(timer);
        share.waiting.delete(proceed);
        resolve();
      };
      const timer = setTimeout(() => {
        share.waiting.delete(proceed);
        reject(refused());
      }, patienceMs);
      share.waiting.add(proceed);
    });
  }
}
