import { catalogue, DEFAULT_MAX_EVENT_BYTES } from '@tidings/catalogue';
import { BatchIngest } from './batch-ingest.js';
import { DeadLetterRepository } from './dead-letter.repository.js';
import { DictionaryRepository } from './dictionary.repository.js';
import { EventRepository } from './event.repository.js';
import { IdentityRepository } from './identity.repository.js';
import type { IngestState } from './ingest-state.js';
import { LetterOrigins } from './letter-origin.js';
import { NameQuotaRepository } from './name-quota.repository.js';
import { oldestKept } from './partition.repository.js';
import { RecordReader } from './record-reader.js';

export interface BatchIngestParts {
  readonly pool: ConstructorParameters<typeof EventRepository>[0];
  /** Of the kafkaTopics. */
  readonly prefix: string;
  readonly state: IngestState;
  /** The largest event, bytes of its JSON text; 1 MiB unless given. */
  readonly maxEventBytes?: number;
  /** How long events are kept, days; without it, or 0, for ever. */
  readonly retentionDays?: number;
  /** Called when there are new dead letters. */
  readonly onLetters?: () => void;
}

/** Parts of a dead letter are kept up to what Kafka takes of an event uncompressed. */
const PART_BYTES_OF_AN_EVENT = 2;

/** Puts together the way of a batch into the store. */
export function createBatchIngest({
  pool,
  prefix,
  state,
  maxEventBytes = DEFAULT_MAX_EVENT_BYTES,
  retentionDays = 0,
  onLetters,
}: BatchIngestParts): BatchIngest {
  const letters = new DeadLetterRepository(
    new LetterOrigins(catalogue, prefix),
    maxEventBytes * PART_BYTES_OF_AN_EVENT,
  );
  const dictionary = new DictionaryRepository(new NameQuotaRepository(catalogue));
  const repository = new EventRepository(pool, dictionary, new IdentityRepository(), letters);
  const reader = new RecordReader(catalogue, {
    prefix,
    maxEventBytes,
    oldestKept: () => oldestKept(new Date(), retentionDays),
  });
  return new BatchIngest(reader, repository, state, onLetters);
}
