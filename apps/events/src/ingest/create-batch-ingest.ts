import { catalogue } from '@tidings/catalogue';
import { prefixed, type RecordPublisher } from '@tidings/transport';
import { BatchIngest } from './batch-ingest.js';
import { DEAD_LETTER_TOPIC, DeadLetterOffice } from './dead-letter-office.js';
import { DeadLetterRepository } from './dead-letter.repository.js';
import { DictionaryRepository } from './dictionary.repository.js';
import { EventRepository } from './event.repository.js';
import { IdentityRepository } from './identity.repository.js';
import type { IngestState } from './ingest-state.js';
import { RecordReader } from './record-reader.js';

export interface BatchIngestParts {
  readonly pool: ConstructorParameters<typeof EventRepository>[0];
  /** Takes the dead letters. */
  readonly publisher: RecordPublisher;
  /** Of the kafkaTopics. */
  readonly prefix: string;
  readonly state: IngestState;
}

/** Puts together the way of a batch into the store. */
export function createBatchIngest({ pool, publisher, prefix, state }: BatchIngestParts): BatchIngest {
  const office = new DeadLetterOffice(new DeadLetterRepository(), publisher, prefixed(prefix, DEAD_LETTER_TOPIC));
  const repository = new EventRepository(pool, new DictionaryRepository(), new IdentityRepository(), office);
  return new BatchIngest(new RecordReader(catalogue, prefix), repository, state);
}
