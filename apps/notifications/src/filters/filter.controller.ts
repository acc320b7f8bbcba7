import type { Readable } from 'node:stream';
import { setImmediate as breathe } from 'node:timers/promises';
import { Body, Controller, HttpCode, Inject, Param, Post, UseInterceptors } from '@nestjs/common';
import { Caller, type Principal, Requires } from '@tidings/access';
import { HTTP_LIMITS, hyphenated, type JsonObject } from '@tidings/catalogue';
import { invalidQuery, StreamedBody } from '@tidings/runtime';
import { INSTANCE_PATH } from '../api/api-path.js';
import { InstanceGate } from '../api/instance-gate.js';
import { collectBody, exactJsonOf } from '../api/request-body.js';
import { found } from '../api/resource-id.js';
import { CONFIGURATION, type ConfigurationSource } from '../configuration/configuration.js';
import { DatabaseAvailability } from '@tidings/database';
import { sentEvent } from '../matching/api-event-id.js';
import { Evaluation } from '../rules/evaluation.js';
import { type Filter, FilterError } from '../rules/filter.js';
import { parseFilter } from '../rules/filter-parser.js';
import type { StoredEvent } from '../stored-events/events-client.js';
import { readFilterText, readFilterTrial } from './filter-body.js';
import { LatestEvents } from './latest-events.js';

/** As many of the events that match are shown. */
const MOST_SHOWN = 100;

/** Tries filters before they are saved. */
@Controller(`${INSTANCE_PATH}/filters`)
@Requires('notifications:read')
@UseInterceptors(DatabaseAvailability)
export class FilterController {
  constructor(
    private readonly gate: InstanceGate,
    @Inject(CONFIGURATION) private readonly configuration: ConfigurationSource,
    private readonly events: LatestEvents,
  ) {}

  @Post('validate')
  @HttpCode(200)
  async validate(@Param('instance_id') instanceId: string, @Body() body: unknown, @Caller() caller: Principal) {
    await this.gate.enter(instanceId, caller);
    const text = readFilterText(body);
    try {
      const { isAll, eventTypes, readsData } = parseFilter(text);
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
  async test(
    @Param('instance_id') instanceId: string,
    @Body() body: Readable | undefined,
    @Caller() caller: Principal,
  ) {
    const { id } = await this.gate.enter(instanceId, caller);
    const { filter, on } = readFilterTrial(exactJsonOf(await collectBody(body, HTTP_LIMITS.jsonBody.value)));
    if ('event' in on) {
      const { matches, isCutShort } = trial(filter, on.event);
      return { tested: 1, matched: matches ? 1 : 0, matches, cut_short: isCutShort ? 1 : 0, events: [] };
    }
    const instance = found(this.configuration.current().instances.get(id));
    const source = on.sourceId === undefined ? undefined : instance.sources.get(on.sourceId);
    if (on.sourceId !== undefined && source === undefined) {
      throw invalidQuery({ source_id: ['is no source of this instance'] });
    }
    const tested = await this.events.find(instance, source, on.last);
    const matched: StoredEvent[] = [];
    let cutShort = 0;
    for (const stored of tested) {
      const { matches, isCutShort } = trial(filter, sentEvent(stored.event));
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
function trial(filter: Filter, event: JsonObject): { readonly matches: boolean; readonly isCutShort: boolean } {
  const evaluation = new Evaluation(event);
  const matches = filter.holds(evaluation);
  return { matches, isCutShort: evaluation.filtersCutShort > 0 };
}

function shown({ id, event }: StoredEvent) {
  return {
    uuid: hyphenated(id),
    id: event['id'],
    source: event['source'],
    type: event['type'],
    subject: event['subject'] ?? null,
    time: event['time'],
  };
}
