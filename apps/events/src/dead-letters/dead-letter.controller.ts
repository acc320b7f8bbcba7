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
import { Caller, type Principal, Requires } from '@tidings/access';
import { DomainError, ENVIRONMENT, StreamedBody, type Environment } from '@tidings/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DatabaseAvailability } from '@tidings/database';
import { answerPage } from '../paging/page-answer.js';
import { pageRequestOf } from '../paging/page-query.js';
import { QueryParameters } from '../paging/query-parameters.js';
import { rowNumber } from '../paging/row-number.js';
import { DeadLetterListQuery, letterFilterOf } from './dead-letter-query.js';
import { DeadLetterService } from './dead-letter.service.js';
import { letterView, summaryView, type LetterView, type SummaryView } from './kept-letter-view.js';
import { readRepair } from './repair-body.js';

/** A repaired message may be longer in the body than it is, for its quotes and line breaks are escaped there. */
const BODY_LIMIT_FACTOR = 4;

/** What could not be stored as an event. */
@Controller('api/dead-letters')
@Requires('dead-letters')
@UseInterceptors(DatabaseAvailability)
export class DeadLetterController {
  constructor(
    private readonly deadLetters: DeadLetterService,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  @Get()
  async list(
    @Query(new QueryParameters(DeadLetterListQuery)) query: DeadLetterListQuery,
    @Caller() caller: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SummaryView[]> {
    const page = pageRequestOf(query);
    const { total, letters } = await this.deadLetters.page(letterFilterOf(query), caller, page);
    answerPage(request, reply, page, total);
    return letters.map(summaryView);
  }

  @Get(':id')
  async retrieve(@Param('id') id: string, @Caller() caller: Principal): Promise<LetterView> {
    return letterView(await this.deadLetters.find(idNamed(id), caller));
  }

  /** Answers 202: what becomes of the message is known once the ingest has read it. */
  @Post(':id/retry')
  @HttpCode(202)
  @StreamedBody()
  async retry(
    @Param('id') id: string,
    @Body() body: Readable | undefined,
    @Caller() caller: Principal,
    @Req() request: FastifyRequest,
  ): Promise<SummaryView> {
    const limit = this.environment.maxEventBytes * BODY_LIMIT_FACTOR;
    const repair = await readRepair(body, request.headers['content-type'], limit);
    return summaryView(await this.deadLetters.retry(idNamed(id), repair, caller));
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@Param('id') id: string, @Caller() caller: Principal): Promise<void> {
    await this.deadLetters.remove(idNamed(id), caller);
  }
}

function idNamed(text: string): string {
  const id = rowNumber(text);
  if (id === undefined) throw new DomainError('not_found');
  return id;
}
