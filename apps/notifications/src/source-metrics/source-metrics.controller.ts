import { Controller, Get, Param, Query, UseInterceptors } from '@nestjs/common';
import { Caller, type Principal, Requires } from '@tidings/access';
import { DomainError } from '@tidings/runtime';
import { INSTANCE_PATH } from '../api/api-path.js';
import { InstanceGate } from '../api/instance-gate.js';
import { DatabaseAvailability } from '@tidings/database';
import { HoursQuery } from './hours-query.js';
import { SourceMetricsRepository } from './source-metrics.repository.js';
import { hourlyView } from './source-metrics-view.js';

/** How much comes from a source, and what becomes of it. */
@Controller(`${INSTANCE_PATH}/sources`)
@Requires('notifications:read')
@UseInterceptors(DatabaseAvailability)
export class SourceMetricsController {
  constructor(
    private readonly gate: InstanceGate,
    private readonly metrics: SourceMetricsRepository,
  ) {}

  @Get(':id/metrics')
  async ofSource(
    @Param('instance_id') instanceId: string,
    @Param('id') id: string,
    @Query(new HoursQuery()) hours: number,
    @Caller() caller: Principal,
  ) {
    const instance = await this.gate.enter(instanceId, caller);
    if (!(await this.metrics.isKnown(instance.id, id))) throw new DomainError('not_found');
    return { source_id: id, ...hourlyView(await this.metrics.lastHours(instance.id, id, hours)) };
  }

  /** In one answer, for whoever looks at all of them. */
  @Get('metrics')
  async ofAll(
    @Param('instance_id') instanceId: string,
    @Query(new HoursQuery()) hours: number,
    @Caller() caller: Principal,
  ) {
    const { id } = await this.gate.enter(instanceId, caller);
    const [counted, sources] = await Promise.all([
      this.metrics.lastHours(id, undefined, hours),
      this.metrics.lastEvents(id),
    ]);
    return {
      sources: sources.map((source) => ({
        source_id: source.id,
        last_event_at: source.lastEventAt?.toISOString() ?? null,
        ...hourlyView(counted.filter(({ sourceId }) => sourceId === source.id)),
      })),
    };
  }
}
