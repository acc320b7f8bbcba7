import { DEAD_LETTER_REASONS } from '../ingest/dead-letter.js';
import { PAGE, PAGE_SIZE } from '../paging/page-parameters.js';
import { IsOneOf, IsStorableText, IsUnixSeconds } from '../paging/parameter-rules.js';
import { Parameter, RepeatedParameter } from '../paging/query-parameters.js';
import { parseUnixSeconds } from '../paging/unix-seconds.js';
import type { KeptLetterFilter } from './kept-letter.js';

const RETRIED: Readonly<Record<string, boolean>> = { true: true, false: false };
const MICROS_PER_SECOND = 1_000_000n;

/** The parameters of the list of dead letters. */
export class DeadLetterListQuery {
  @RepeatedParameter({ description: 'Why it is one; any of them.', example: DEAD_LETTER_REASONS[0] })
  @IsOneOf(DEAD_LETTER_REASONS, { each: true })
  reason?: readonly string[];

  @RepeatedParameter({ description: 'On which kafkaTopics it came.', example: 'lifecycle.lxd.instance' })
  @IsStorableText({ each: true })
  kafka_topic?: readonly string[];

  @Parameter({ description: 'Dead since this time, in seconds since 1970-01-01.', example: '1793606400' })
  @IsUnixSeconds()
  created_from?: string;

  @Parameter({ description: 'Dead before this time, in seconds since 1970-01-01.', example: '1793692800' })
  @IsUnixSeconds()
  created_to?: string;

  @Parameter({ description: 'Whether it has been sent again.', example: 'false' })
  @IsOneOf(Object.keys(RETRIED))
  retried?: string;

  @Parameter(PAGE)
  page?: string;

  @Parameter(PAGE_SIZE)
  page_size?: string;
}

/** What a query that passed its rules asks for. */
export function letterFilterOf(query: DeadLetterListQuery): KeptLetterFilter {
  const createdFrom = secondsOf(query.created_from);
  const createdTo = secondsOf(query.created_to);
  const retried = RETRIED[query.retried ?? ''];
  return {
    ...(query.reason !== undefined && { reasons: query.reason }),
    ...(query.kafka_topic !== undefined && { kafkaTopics: query.kafka_topic }),
    ...(createdFrom !== undefined && { createdFrom }),
    ...(createdTo !== undefined && { createdTo }),
    ...(retried !== undefined && { retried }),
  };
}

function secondsOf(text: string | undefined): bigint | undefined {
  const micros = text === undefined ? undefined : parseUnixSeconds(text);
  return micros === undefined ? undefined : micros / MICROS_PER_SECOND;
}
