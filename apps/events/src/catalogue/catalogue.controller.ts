import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '@tidings/access';
import { Catalogue, type EventType } from '@tidings/catalogue';
import { AlsoHead, ApiCountedResponse } from '@tidings/openapi';
import { DomainError, ENVIRONMENT, type Environment } from '@tidings/runtime';
import type { FastifyReply } from 'fastify';
import { EventsRequests } from '../paging/events-requests.js';
import { CatalogueQuery } from './catalogue-query.js';
import { CatalogueDetails, CatalogueEntry, CatalogueTypePath, detailsOf, entryOf } from './catalogue.dto.js';

/** What an event can be: every declared type. */
@Controller('api/catalogue')
@Authenticated()
@EventsRequests()
@ApiTags('Catalogue')
export class CatalogueController {
  private readonly prefix: string;

  constructor(
    private readonly catalogue: Catalogue,
    @Inject(ENVIRONMENT) environment: Environment,
  ) {
    this.prefix = environment.kafka.prefix;
  }

  @Get()
  @AlsoHead()
  @ApiOperation({ summary: 'Lists every declared event type.' })
  @ApiCountedResponse({ description: 'All matching types, in one answer.', type: [CatalogueEntry] }, 218)
  list(@Query() { system, group }: CatalogueQuery, @Res({ passthrough: true }) reply: FastifyReply): CatalogueEntry[] {
    const chosen = this.catalogue
      .types()
      .filter((type) => system?.includes(type.system) ?? true)
      .filter((type) => group?.some((name) => type.groups.includes(name)) ?? true);
    void reply.header('X-Result-Count', String(chosen.length));
    return chosen.map((type) => entryOf(type, this.prefix));
  }

  @Get(':type')
  @ApiOperation({ summary: 'Gives one event type with its schema and an example.' })
  @ApiOkResponse({ description: 'The type.', type: CatalogueDetails })
  retrieve(@Param() { type: name }: CatalogueTypePath): CatalogueDetails {
    const namesakes = this.catalogue.named(name);
    const [declared] = namesakes;
    if (declared === undefined || namesakes.length > 1) throw this.unclear(name, namesakes);
    return detailsOf(declared, this.prefix);
  }

  /** No type has that name, or several have: either way the answer lists the full names that may be meant. */
  private unclear(name: string, namesakes: readonly EventType[]): DomainError {
    const nearest = namesakes.length > 0 ? namesakes.map(({ type }) => type) : this.catalogue.nearest(name);
    return new DomainError('not_found', {}, { members: { nearest } });
  }
}
