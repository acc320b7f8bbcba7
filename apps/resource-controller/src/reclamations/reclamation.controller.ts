import { Controller, Get, HttpCode, Param, Post, Query, UseGuards, UseInterceptors } from '@nestjs/common';
import { Caller, type Principal, Requires } from '@tidings/access';
import { DatabaseAvailability } from '../api/database-availability.interceptor.js';
import { actorOf, SourceGuard } from '../api/resource-caller.js';
import { type ListSlice, resourceList, type ResourceList, ResourceListQuery } from '../api/resource-list.js';
import { ReclamationService } from './reclamation.service.js';
import { type ReclamationView, reclamationView } from './reclamation-view.js';

const PATH = 'v1/reclamations';

@Controller(PATH)
@Requires('events:publish')
@UseGuards(SourceGuard)
@UseInterceptors(DatabaseAvailability)
export class ReclamationController {
  constructor(private readonly reclamations: ReclamationService) {}

  @Get()
  async list(@Query(new ResourceListQuery()) slice: ListSlice): Promise<ResourceList<ReclamationView>> {
    return resourceList(`/${PATH}`, slice, await this.reclamations.list(slice), ({ guid }) => guid, reclamationView);
  }

  @Post(':id/actions/restore')
  @HttpCode(200)
  async restore(@Param('id') id: string, @Caller() caller: Principal): Promise<ReclamationView> {
    return reclamationView(await this.reclamations.restore(id, actorOf(caller)));
  }

  @Post(':id/actions/reclaim')
  @HttpCode(202)
  async reclaim(@Param('id') id: string, @Caller() caller: Principal): Promise<ReclamationView> {
    return reclamationView(await this.reclamations.reclaim(id, actorOf(caller)));
  }
}
