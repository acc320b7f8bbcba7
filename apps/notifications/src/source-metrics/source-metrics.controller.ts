import { Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Caller, type Principal } from '@tidings/access';
import { DomainError } from '@tidings/runtime';
import { InstancePath } from '../api/admin-fields.js';
import { AdminRoutes } from '../api/admin-routes.js';
import { INSTANCE_PATH } from '../api/api-path.js';
import { InstanceGate } from '../api/instance-gate.js';
import { SourcePath } from '../sources/source.dto.js';
import { AllSourceMetrics, MetricsQuery, SourceMetrics } from './source-metrics.dto.js';
import { SourceMetricsRepository } from './source-metrics.repository.js';
import { hourlyView } from './source-metrics-view.js';

/** How much comes from a source, and what becomes of it. */
@AdminRoutes(`${INSTANCE_PATH}/sources`, 'Rules', 'notifications:read')
export class SourceMetricsController {
  constructor(
    private readonly gate: InstanceGate,
    private readonly metrics: SourceMetricsRepository,
  ) {}

  @Get(':id/metrics')
  @ApiOperation({
    summary: 'Counts what came from a source by the hour: received, matched by a topic, suppressed while disabled.',
  })
  @ApiOkResponse({
    description: 'The counts, and their sums; hours without events are left out.',
    type: SourceMetrics,
  })
  async ofSource(
    @Param() { instance_id, id }: SourcePath,
    @Query() { hours }: MetricsQuery,
    @Caller() caller: Principal,
  ): Promise<SourceMetrics> {
    const instance = await this.gate.enter(instance_id, caller);
    if (!(await this.metrics.isKnown(instance.id, id))) throw new DomainError('not_found');
    return { source_id: id, ...hourlyView(await this.metrics.lastHours(instance.id, id, hours)) };
  }

  /** In one answer, for whoever looks at all of them. */
  @Get('metrics')
  @ApiOperation({ summary: 'Counts by the hour what came from each source, and says when its last event came.' })
  @ApiOkResponse({ description: 'Every source; hours without events are left out.', type: AllSourceMetrics })
  async ofAll(
    @Param() { instance_id }: InstancePath,
    @Query() { hours }: MetricsQuery,
    @Caller() caller: Principal,
  ): Promise<AllSourceMetrics> {
    const { id } = await this.gate.enter(instance_id, caller);
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
