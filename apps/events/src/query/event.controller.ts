import type { Readable } from 'node:stream';
import { Controller, Get, Header, Param, Query, Req, Res, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Caller, Requires, type Principal } from '@tidings/access';
import { Catalogue, parseUuid, waldurScopeTypes } from '@tidings/catalogue';
import { AlsoHead, ApiCountedResponse, ApiPageResponse, Fails } from '@tidings/openapi';
import { DomainError } from '@tidings/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DatabaseAvailability } from '@tidings/database';
import { cutStalledReader, READER_PATIENCE } from '../export/stalled-reader.js';
import { EventsRequests } from '../paging/events-requests.js';
import { rowNumber } from '../paging/row-number.js';
import type { EventFilter } from './event-filter.js';
import { shownFieldsNamed } from './event-json.js';
import { answerEventPage } from './event-page-answer.js';
import { bindingOf, positionOf } from './event-position.js';
import { orderOf, scopesNamed } from './event-query.js';
import type { EventName } from './event-statement.js';
import { EventCount, EventGroups, EventPath, ListedEvent } from './event.dto.js';
import { EventService } from './event.service.js';
import { QueryQuota } from './query-quota.js';
import { SettingRepository } from './setting.repository.js';
import {
  EventCountQuery,
  EventGroupsQuery,
  EventListQuery,
  EventQuery,
  RelatedEventsQuery,
  waldurFilterOf,
} from './waldur-event-query.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Which system's groups are meant where nobody says: this is Waldur's path, and its clients know its groups. */
const GROUPS_OF = 'waldur';

/** The events API as Waldur's clients know it, over the events of all systems. */
@Controller('api/events')
@Requires('events:read')
@UseInterceptors(DatabaseAvailability, QueryQuota)
@EventsRequests()
@ApiTags('Events')
@Fails('too_many_requests')
export class EventController {
  constructor(
    private readonly events: EventService,
    private readonly settings: SettingRepository,
    private readonly catalogue: Catalogue,
  ) {}

  @Get()
  @AlsoHead()
  @ApiOperation({ summary: 'Lists events.', description: 'Only those in the token’s scopes, newest first.' })
  @ApiPageResponse('A page of events.', ListedEvent)
  @Fails('invalid_page', 'database_unavailable')
  @Header('content-type', JSON_TYPE)
  async list(
    @Query() query: EventListQuery,
    @Caller() { scopes }: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | Readable> {
    await this.events.checkScopes(scopesNamed(query), scopes);
    return this.answerList(waldurFilterOf(query), query, scopes, request, reply);
  }

  @Get('count')
  @AlsoHead()
  @ApiOperation({ summary: 'Counts events, exactly.' })
  @ApiCountedResponse(
    { description: 'How many events match the filters within the token’s scopes.', type: EventCount },
    4711,
  )
  @Fails('database_unavailable')
  async count(
    @Query() query: EventCountQuery,
    @Caller() { scopes }: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EventCount> {
    await this.events.checkScopes(scopesNamed(query), scopes);
    const count = await this.events.count(waldurFilterOf(query), scopes);
    // One of Waldur's clients asks for this with HEAD.
    void reply.header('X-Result-Count', String(count));
    return { count };
  }

  @Get('event_groups')
  @AlsoHead()
  @ApiOperation({ summary: 'Lists the groups of event types, each with its types.' })
  @ApiCountedResponse({ description: 'Groups by name.', type: EventGroups }, 1)
  groups(@Query() query: EventGroupsQuery, @Res({ passthrough: true }) reply: FastifyReply): EventGroups {
    const groups = [...this.catalogue.groups(query.system ?? GROUPS_OF)];
    void reply.header('X-Result-Count', String(groups.length));
    return Object.fromEntries(
      groups
        .map(([group, types]): [string, string[]] => [group, types.map(({ nativeType }) => nativeType).sort()])
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  }

  @Get('scope_types')
  @AlsoHead()
  @ApiOperation({ summary: 'Lists the types of objects that events can be about.' })
  @ApiCountedResponse(
    {
      description: 'Waldur’s, as `app.model`.',
      schema: { type: 'array', items: { type: 'string' }, example: waldurScopeTypes },
    },
    waldurScopeTypes.length,
  )
  scopeTypes(@Res({ passthrough: true }) reply: FastifyReply): readonly string[] {
    void reply.header('X-Result-Count', String(waldurScopeTypes.length));
    return waldurScopeTypes;
  }

  @Get(':id')
  @ApiOperation({ summary: 'Gives one event.' })
  @ApiOkResponse({ description: 'The event.', type: ListedEvent })
  @Fails('database_unavailable')
  @Header('content-type', JSON_TYPE)
  async retrieve(
    @Param() { id }: EventPath,
    @Query() query: EventQuery,
    @Caller() { scopes }: Principal,
  ): Promise<string> {
    const by = eventNamed(id);
    const json = by === undefined ? undefined : await this.events.find(by, scopes, shownFieldsNamed(query.field));
    if (json === undefined) throw new DomainError('not_found');
    return json;
  }

  /** The events of the same subject, including this one. */
  @Get(':id/related')
  @ApiOperation({ summary: 'Lists the events of the same subject.' })
  @ApiPageResponse('A page of events.', ListedEvent)
  @Fails('invalid_page', 'database_unavailable')
  @Header('content-type', JSON_TYPE)
  async related(
    @Param() { id }: EventPath,
    @Query() query: RelatedEventsQuery,
    @Caller() { scopes }: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | Readable> {
    const by = eventNamed(id);
    if (by === undefined) throw new DomainError('not_found');
    return this.answerList(await this.events.relatedTo(by, scopes), query, scopes, request, reply);
  }

  private async answerList(
    filter: EventFilter,
    query: RelatedEventsQuery,
    scopes: readonly string[],
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<string | Readable> {
    const order = orderOf(query);
    const cursors = { key: await this.settings.cursorKey(), binding: bindingOf(filter, order, scopes) };
    const position = positionOf(query, cursors.key, cursors.binding);
    const fields = shownFieldsNamed(query.field);
    const { json, ...found } = await this.events.page({ filter, scopes, order, position, fields });
    answerEventPage(request, reply, position, found, cursors);
    if (typeof json === 'string') return json;
    // A list is read for its headers, too: nothing of its events then.
    if (request.method === 'HEAD') {
      json.destroy();
      return '';
    }
    cutStalledReader(reply.raw, READER_PATIENCE);
    return json;
  }
}

function eventNamed(id: string): EventName | undefined {
  const uuid = parseUuid(id);
  if (uuid !== undefined) return { id: uuid };
  const sequence = rowNumber(id);
  return sequence === undefined ? undefined : { sequence };
}
