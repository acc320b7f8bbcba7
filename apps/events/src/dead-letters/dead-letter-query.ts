import { DEAD_LETTER_REASONS } from '../ingest/dead-letter.js';
import { PageQuery } from '../paging/page-query.js';
import { STORABLE_TEXT, TRUE_OR_FALSE, UNIX_SECONDS, flagOf, oneOf } from '../paging/parameter-rules.js';
import { Parameter, RepeatedParameter } from '../paging/query-parameters.js';
import { secondsOf } from '../paging/unix-seconds.js';
import type { KeptLetterFilter } from './kept-letter.js';

/** The parameters of the list of dead letters. */
export class DeadLetterListQuery extends PageQuery {
  @RepeatedParameter({
    description: 'Reasons; any of them.',
    example: DEAD_LETTER_REASONS[0],
    rule: oneOf(DEAD_LETTER_REASONS),
  })
  reason?: readonly string[];

  @RepeatedParameter({
    description: 'Kafka topics it was read from; any of them.',
    example: 'lifecycle.lxd.instance',
    rule: STORABLE_TEXT,
  })
  kafka_topic?: readonly string[];

  @Parameter({
    description: 'Only letters dead-lettered at or after this time (Unix seconds).',
    example: '1793606400',
    rule: UNIX_SECONDS,
  })
  created_from?: string;

  @Parameter({
    description: 'Only letters dead-lettered before this time (Unix seconds).',
    example: '1793692800',
    rule: UNIX_SECONDS,
  })
  created_to?: string;

  @Parameter({
    description: 'Only letters that have been sent again, or only those that have not.',
    example: 'false',
    rule: TRUE_OR_FALSE,
  })
  retried?: string;
}

/** What a query that passed its rules asks for. */
export function letterFilterOf(query: DeadLetterListQuery): KeptLetterFilter {
  const createdFrom = secondsOf(query.created_from);
  const createdTo = secondsOf(query.created_to);
  const retried = flagOf(query.retried);
  return {
    ...(query.reason !== undefined && { reasons: query.reason }),
    ...(query.kafka_topic !== undefined && { kafkaTopics: query.kafka_topic }),
    ...(createdFrom !== undefined && { createdFrom }),
    ...(createdTo !== undefined && { createdTo }),
    ...(retried !== undefined && { retried }),
  };
}
