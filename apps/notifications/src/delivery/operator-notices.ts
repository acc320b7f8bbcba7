import type { Catalogue } from '@tidings/catalogue';
import { encodeEvent, type OutgoingRecord, prefixed, type RecordPublisher } from '@tidings/transport';
import type { DestinationDisabling, DisabledNotice } from './destination-disabling.store.js';

const TYPE = 'io.tidings.destination.disabled';
const SOURCE = '/tidings/main';
/** Told again this often while Kafka is away, milliseconds. */
const EVERY_MS = 10_000;
const DEADLINE_MS = 5_000;

/** Tells operators over the bus itself that a destination was disabled. None is forgotten before it is acknowledged. */
export class OperatorNotices {
  private timer: NodeJS.Timeout | undefined;
  private telling: Promise<void> | undefined;

  constructor(
    private readonly disabling: DestinationDisabling,
    private readonly publisher: RecordPublisher,
    private readonly catalogue: Catalogue,
    private readonly prefix: string,
    private readonly report: (message: string) => void,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.tell(), EVERY_MS);
    this.tell();
  }

  async disable(destinationId: string, reason: string, lastStatus: string): Promise<void> {
    if (!(await this.disabling.disable(destinationId, reason, lastStatus))) return;
    this.report(`The destination ${destinationId} was disabled: ${reason}`);
    this.tell();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.telling;
  }

  private tell(): void {
    this.telling ??= this.disabling
      .tellAll(async (notices) => {
        const records = notices.map((notice) => this.recordOf(notice));
        await this.publisher.publish(records, { deadlineMs: DEADLINE_MS });
      })
      .catch((error: unknown) => this.report(`Operators cannot be told for now: ${String(error)}`))
      .finally(() => (this.telling = undefined));
  }

  private recordOf({
    destinationId,
    instanceId,
    name,
    reason,
    lastStatus,
    disabledAt,
  }: DisabledNotice): OutgoingRecord {
    const type = this.catalogue.type(TYPE);
    if (type === undefined) throw new Error(`The catalogue has no ${TYPE}`);
    const data = {
      destination_id: destinationId,
      destination_name: name,
      instance_id: instanceId,
      reason,
      ...(lastStatus !== null && { last_status: lastStatus }),
    };
    const time = disabledAt.toISOString();
    const subject = type.subjectOf(data);
    return encodeEvent(
      prefixed(this.prefix, type.kafkaTopic),
      {
        // Told twice, it is one event.
        id: `${destinationId}-${time}`,
        source: SOURCE,
        type: type.type,
        time,
        dataschema: type.dataschema,
        ...(subject !== undefined && { subject }),
      },
      JSON.stringify(data),
    );
  }
}
