import type { Readable } from 'node:stream';
import { setImmediate as breathe } from 'node:timers/promises';
import { Body, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Caller, type Principal } from '@tidings/access';
import { HTTP_LIMITS, hyphenated, isJsonObject, type JsonObject } from '@tidings/catalogue';
import { Fails, ReadBody } from '@tidings/openapi';
import { invalidQuery, StreamedBody } from '@tidings/runtime';
import { InstancePath } from '../api/admin-fields.js';
import { ADMIN_REQUESTS, AdminRoutes } from '../api/admin-routes.js';
import { INSTANCE_PATH } from '../api/api-path.js';
import { InstanceGate } from '../api/instance-gate.js';
import { collectBody, exactJsonOf } from '../api/request-body.js';
import { found } from '../api/resource-id.js';
import { CONFIGURATION, type ConfigurationSource } from '../configuration/configuration.js';
import { sentEvent } from '../matching/api-event-id.js';
import { Evaluation } from '../rules/evaluation.js';
import { type Filter, FilterError } from '../rules/filter.js';
import { parseFilter } from '../rules/filter-parser.js';
import type { RoutedEvent } from '../routing/routing.dto.js';
import type { StoredEvent } from '../stored-events/events-client.js';
import { FilterReading, FilterText, FilterTrial, FilterTrialResult, lastOf } from './filter.dto.js';
import { LatestEvents } from './latest-events.js';

/** As many of the events that match are shown. */
const MOST_SHOWN = 100;

/** Tries filters before they are saved. */
@AdminRoutes(`${INSTANCE_PATH}/filters`, 'Rules', 'notifications:read')
export class FilterController {
  constructor(
    private readonly gate: InstanceGate,
    @Inject(CONFIGURATION) private readonly configuration: ConfigurationSource,
    private readonly events: LatestEvents,
  ) {}

  @Post('validate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Reads a filter, and says where it cannot be read.' })
  @ApiOkResponse({ description: 'What it is.', type: FilterReading })
  async validate(
    @Param() { instance_id }: InstancePath,
    @Body() { filter }: FilterText,
    @Caller() caller: Principal,
  ): Promise<FilterReading> {
    await this.gate.enter(instance_id, caller);
    try {
      const { isAll, eventTypes, readsData } = parseFilter(filter);
      return {
        valid: true,
        position: null,
        problem: null,
        passes_all: isAll,
        event_types: eventTypes === undefined ? null : [...eventTypes],
        reads_payload: readsData,
      };
    } catch (error) {
      if (!(error instanceof FilterError)) throw error;
      const { position, message } = error;
      return {
        valid: false,
        position,
        problem: message,
        passes_all: false,
        event_types: null,
        reads_payload: false,
      };
    }
  }

  /** The body is read here, so that an event in it is the same event as on the bus: any member name, and all digits. */
  @Post('test')
  @HttpCode(200)
  @StreamedBody()
  @ApiOperation({ summary: 'Tries a filter on an event, or on the last stored ones that the instance may see.' })
  @ReadBody({ 'application/json': FilterTrial })
  @ApiOkResponse({
    description: 'How many match, and up to a hundred of them, newest first.',
    type: FilterTrialResult,
  })
  @Fails('empty_body', 'body_too_large', 'events_unavailable')
  async test(
    @Param() { instance_id }: InstancePath,
    @Body() body: Readable | undefined,
    @Caller() caller: Principal,
  ): Promise<FilterTrialResult> {
    const { id } = await this.gate.enter(instance_id, caller);
    const { trial, event } = await readTrial(exactJsonOf(await collectBody(body, HTTP_LIMITS.jsonBody.value)));
    const filter = parseFilter(trial.filter);
    if (event !== undefined) {
      const { matches, isCutShort } = tried(filter, event);
      return { tested: 1, matched: matches ? 1 : 0, matches, cut_short: isCutShort ? 1 : 0, events: [] };
    }
    const instance = found(this.configuration.current().instances.get(id));
    const source = trial.source_id === undefined ? undefined : instance.sources.get(trial.source_id);
    if (trial.source_id !== undefined && source === undefined) {
      throw invalidQuery({ source_id: ['is not the id of a source of this instance; GET …/sources lists them'] });
    }
    const tested = await this.events.find(instance, source, lastOf(trial));
    const matched: StoredEvent[] = [];
    let cutShort = 0;
    for (const stored of tested) {
      const { matches, isCutShort } = tried(filter, sentEvent(stored.event));
      if (matches) matched.push(stored);
      if (isCutShort) cutShort += 1;
      await breathe();
    }
    return {
      tested: tested.length,
      matched: matched.length,
      matches: matched.length > 0,
      cut_short: cutShort,
      events: matched.slice(0, MOST_SHOWN).map(shown),
    };
  }
}

/** Whether a filter takes an event, and whether it used up its steps, and so did not. */
function tried(filter: Filter, event: JsonObject): { readonly matches: boolean; readonly isCutShort: boolean } {
  const evaluation = new Evaluation(event);
  const matches = filter.holds(evaluation);
  return { matches, isCutShort: evaluation.filtersCutShort > 0 };
}

/** A check of the event would copy it, and with that lose digits of its numbers. */
async function readTrial(body: unknown): Promise<{ trial: FilterTrial; event: JsonObject | undefined }> {
  const event = isJsonObject(body) && isJsonObject(body['event']) ? body['event'] : undefined;
  const rest = isJsonObject(body) && event !== undefined ? { ...body, event: {} } : body;
  return { trial: await ADMIN_REQUESTS.read(FilterTrial, rest), event };
}

function shown({ id, event }: StoredEvent): RoutedEvent {
  return {
    uuid: hyphenated(id),
    id: event['id'],
    source: event['source'],
    type: event['type'],
    subject: event['subject'] ?? null,
    time: event['time'],
  };
}
