import type { ConsumerLag, Consumption } from './port.js';

/**
 * Several members of one group in one process. A member fetches, then handles what it fetched, then fetches again; with
 * two of them one fetches while the other handles, and neither the broker nor the handler stands idle.
 */
export class CombinedConsumption implements Consumption {
  /** @param members at least one, of one group */
  constructor(private readonly members: readonly Consumption[]) {}

  isJoined(): boolean {
    return this.members.every((member) => member.isJoined());
  }

  trouble(): string | undefined {
    return this.members.map((member) => member.trouble()).find((trouble) => trouble !== undefined);
  }

  /** The group's; each member knows it. */
  async lag(): Promise<readonly ConsumerLag[]> {
    return (await this.members[0]?.lag()) ?? [];
  }

  async stop(): Promise<void> {
    await Promise.all(this.members.map((member) => member.stop()));
  }
}

/** `onFatal` for several members: whichever fails first, the process is told once. */
export function toldOnce(onFatal: ((error: Error) => void) | undefined): (error: Error) => void {
  let told = false;
  return (error) => {
    if (told) return;
    told = true;
    onFatal?.(error);
  };
}
