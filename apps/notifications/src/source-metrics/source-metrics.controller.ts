import { Controller, Get, Param, Query, UseInterceptors } from '@nestjs/common';
import { Caller, type Principal, Requires } from '@tidings/access';
import { DomainError } from '@tidings/runtime';
import { INSTANCE_PATH } from '../api/api-path.js';
import { InstanceGate } from '../api/instance-gate.js';
import { DatabaseAvailability } from '@tidings/database';
import { HoursQuery } from './hours-query.js';
import { type SourceHour, SourceMetricsRepository } from './source-metrics.repository.js';

/** How much comes from a source, and what becomes of it. */
@Controller(`${INSTANCE_PATH}/sources`)
@Requires('notifications:admin')
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
    const byHour = await this.metrics.lastHours(instance.id, id, hours);
    const total = (count: Exclude<keyof SourceHour, 'hour'>) => byHour.reduce((sum, hour) => sum + hour[count], 0);
    return {
      source_id: id,
      received: total('received'),
      matched: total('matched'),
      suppressed: total('suppressed'),
      deliveries: total('deliveries'),
      hours: byHour,
    };
  }
}
