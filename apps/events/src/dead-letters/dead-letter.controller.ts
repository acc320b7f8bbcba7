import type { Readable } from 'node:stream';
import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Req,
  Res,
  UseInterceptors,
} from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Caller, type Principal, Requires } from '@tidings/access';
import { AlsoHead, ApiPageResponse, Fails } from '@tidings/openapi';
import { DomainError, ENVIRONMENT, StreamedBody, type Environment } from '@tidings/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DatabaseAvailability } from '@tidings/database';
import { answerPage } from '../paging/page-answer.js';
import { pageRequestOf } from '../paging/page-query.js';
import { EventsRequests } from '../paging/events-requests.js';
import { rowNumber } from '../paging/row-number.js';
import { DeadLetterListQuery, letterFilterOf } from './dead-letter-query.js';
import { DeadLetterService } from './dead-letter.service.js';
import {
  DeadLetterDetails,
  DeadLetterPath,
  DeadLetterRepair,
  DeadLetterSummary,
  letterView,
  summaryView,
} from './dead-letter.dto.js';
import { readRepair } from './repair-body.js';

/** A repaired message may be longer in the body than it is, for its quotes and line breaks are escaped there. */
const BODY_LIMIT_FACTOR = 4;

/** What could not be stored as an event. */
@Controller('api/dead-letters')
@Requires('dead-letters')
@UseInterceptors(DatabaseAvailability)
@EventsRequests()
@ApiTags('Dead letters')
@Fails('database_unavailable')
export class DeadLetterController {
  constructor(
    private readonly deadLetters: DeadLetterService,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  @Get()
  @AlsoHead()
  @ApiOperation({ summary: 'Lists messages that could not be stored as events.' })
  @ApiPageResponse('A page, newest first.', DeadLetterSummary)
  @Fails('invalid_page')
  async list(
    @Query() query: DeadLetterListQuery,
    @Caller() caller: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeadLetterSummary[]> {
    const page = pageRequestOf(query);
    const { total, letters } = await this.deadLetters.page(letterFilterOf(query), caller, page);
    answerPage(request, reply, page, total);
    return letters.map(summaryView);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Gives one dead letter with its message.' })
  @ApiOkResponse({ description: 'The dead letter.', type: DeadLetterDetails })
  async retrieve(@Param() { id }: DeadLetterPath, @Caller() caller: Principal): Promise<DeadLetterDetails> {
    return letterView(await this.deadLetters.find(idNamed(id), caller));
  }

  /** Answers 202: the outcome is known once the ingest has read the message. */
  @Post(':id/retry')
  @HttpCode(202)
  @StreamedBody()
  @ApiOperation({ summary: 'Sends a dead letter’s message again, repaired or unchanged.' })
  @ApiBody({ description: 'What to change; nothing without a body.', required: false, type: DeadLetterRepair })
  @ApiAcceptedResponse({ description: 'It was sent; the ingest will read it.', type: DeadLetterSummary })
  @Fails('conflict', 'source_not_allowed', 'event_too_large', 'broker_unavailable')
  async retry(
    @Param() { id }: DeadLetterPath,
    @Body() body: Readable | undefined,
    @Caller() caller: Principal,
    @Req() request: FastifyRequest,
  ): Promise<DeadLetterSummary> {
    const limit = this.environment.maxEventBytes * BODY_LIMIT_FACTOR;
    const repair = await readRepair(body, request.headers['content-type'], limit);
    return summaryView(await this.deadLetters.retry(idNamed(id), repair, caller));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Deletes a dead letter.' })
  @ApiNoContentResponse({ description: 'The dead letter is deleted.' })
  async remove(@Param() { id }: DeadLetterPath, @Caller() caller: Principal): Promise<void> {
    await this.deadLetters.remove(idNamed(id), caller);
  }
}

function idNamed(text: string): string {
  const id = rowNumber(text);
  if (id === undefined) throw new DomainError('not_found');
  return id;
}
