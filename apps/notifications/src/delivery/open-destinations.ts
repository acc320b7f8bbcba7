import { isJsonObject } from '@tidings/catalogue';
import type { OutboundGuard } from '@tidings/outbound';
import type { Configuration, DestinationConfiguration } from '../configuration/configuration.js';
import type { AttemptResult, OpenDestination } from '../destination-types/destination-type.js';
import { destinationType } from '../destination-types/destination-types.js';
import type { SecretBox } from '../secrets/secret-box.js';

interface Entry {
  readonly updatedAt: number;
  readonly destination: OpenDestination;
  users: number;
  isRetired: boolean;
}

/** The destinations that this process has connections to. One that has been changed is opened anew. */
export class OpenDestinations {
  private readonly entries = new Map<string, Entry>();
  private readonly closing = new Set<Promise<void>>();

  constructor(
    private readonly secretBox: SecretBox,
    private readonly outbound: OutboundGuard,
    private readonly kafkaPrefix: string,
  ) {}

  /** Uses a destination; it stays open at least until that has ended. */
  async use(
    configuration: DestinationConfiguration,
    work: (destination: OpenDestination) => Promise<AttemptResult>,
  ): Promise<AttemptResult> {
    let entry: Entry;
    try {
      entry = this.entryOf(configuration);
    } catch {
      const problem = 'The destination cannot be opened: its secrets were encrypted with another TIDINGS_SECRET_KEY.';
      return { outcome: 'failed', status: 'configuration', problem };
    }
    entry.users += 1;
    try {
      return await work(entry.destination);
    } finally {
      entry.users -= 1;
      if (entry.isRetired && entry.users === 0) this.closeNow(entry);
    }
  }

  /** Lets go of destinations that are not there any more, or have been changed. */
  follow({ destinations }: Configuration): void {
    for (const [id, entry] of this.entries) {
      if (destinations.get(id)?.updatedAt.getTime() !== entry.updatedAt) this.retire(id, entry);
    }
  }

  async close(): Promise<void> {
    for (const [id, entry] of this.entries) this.retire(id, entry);
    await Promise.all(this.closing);
  }

  private entryOf(configuration: DestinationConfiguration): Entry {
    const updatedAt = configuration.updatedAt.getTime();
    const known = this.entries.get(configuration.id);
    if (known?.updatedAt === updatedAt) return known;
    if (known !== undefined) this.retire(configuration.id, known);
    const entry: Entry = { updatedAt, destination: this.open(configuration), users: 0, isRetired: false };
    this.entries.set(configuration.id, entry);
    return entry;
  }

  private open({ id, type, config, secrets, signingSecrets }: DestinationConfiguration): OpenDestination {
    const kind = destinationType(type);
    if (kind === undefined) throw new Error(`There are no destinations of the type ${type}`);
    const opened: unknown = secrets && JSON.parse(this.secretBox.open(secrets, `destination:${id}:config`));
    return kind.open({
      config,
      secrets: isJsonObject(opened) ? opened : {},
      signingSecrets: signingSecrets.map((secret) => this.secretBox.open(secret, `destination:${id}:signing`)),
      outbound: this.outbound,
      kafkaPrefix: this.kafkaPrefix,
    });
  }

  private retire(id: string, entry: Entry): void {
    if (this.entries.get(id) === entry) this.entries.delete(id);
    entry.isRetired = true;
    if (entry.users === 0) this.closeNow(entry);
  }

  private closeNow({ destination }: Entry): void {
    const closed = destination
      .close()
      .catch(() => undefined)
      .then(() => void this.closing.delete(closed));
    this.closing.add(closed);
  }
}
