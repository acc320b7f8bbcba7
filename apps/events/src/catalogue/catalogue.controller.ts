import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { Authenticated } from '@tidings/access';
import { Catalogue, type EventType } from '@tidings/catalogue';
import { DomainError, ENVIRONMENT, type Environment } from '@tidings/runtime';
import type { FastifyReply } from 'fastify';
import { QueryParameters } from '../paging/query-parameters.js';
import { detailsOf, entryOf, type CatalogueDetails, type CatalogueEntry } from './catalogue-entry.js';
import { CatalogueQuery } from './catalogue-query.js';

/** What an event can be: every declared type. */
@Controller('api/catalogue')
@Authenticated()
export class CatalogueController {
  private readonly prefix: string;

  constructor(
    private readonly catalogue: Catalogue,
    @Inject(ENVIRONMENT) environment: Environment,
  ) {
    this.prefix = environment.kafka.prefix;
  }

  @Get()
  list(
    @Query(new QueryParameters(CatalogueQuery)) { system, group }: CatalogueQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): CatalogueEntry[] {
    const chosen = this.catalogue
      .types()
      .filter((type) => system?.includes(type.system) ?? true)
      .filter((type) => group?.some((name) => type.groups.includes(name)) ?? true);
    void reply.header('X-Result-Count', String(chosen.length));
    return chosen.map((type) => entryOf(type, this.prefix));
  }

  @Get(':type')
  retrieve(@Param('type') name: string): CatalogueDetails {
    const namesakes = this.catalogue.named(name);
    const [declared] = namesakes;
    if (declared === undefined || namesakes.length > 1) throw this.unclear(name, namesakes);
    return detailsOf(declared, this.prefix);
  }

  /** Nothing goes by that name, or several do: either way the caller is told the full names that may be meant. */
  private unclear(name: string, namesakes: readonly EventType[]): DomainError {
    const nearest = namesakes.length > 0 ? namesakes.map(({ type }) => type) : this.catalogue.nearest(name);
    return new DomainError('not_found', {}, { members: { nearest } });
  }
}
