import { Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Caller, type Principal } from '@tidings/access';
import { actorOf } from '../api/resource-caller.js';
import { resourceList, type ResourceList, ResourceListQuery } from '../api/resource-list.dto.js';
import { ResourceRoutes } from '../api/resource-routes.js';
import { Reclamation, ReclamationList, ReclamationPath, reclamationView } from './reclamation.dto.js';
import { ReclamationService } from './reclamation.service.js';

const PATH = 'v1/reclamations';

@ResourceRoutes(PATH)
export class ReclamationController {
  constructor(private readonly reclamations: ReclamationService) {}

  @Get()
  @ApiOperation({ summary: 'Lists deleted instances that can be restored.' })
  @ApiOkResponse({ description: 'A page of reclamations.', type: ReclamationList })
  async list(@Query() query: ResourceListQuery): Promise<ResourceList<Reclamation>> {
    return resourceList(`/${PATH}`, query, await this.reclamations.list(query), ({ guid }) => guid, reclamationView);
  }

  @Post(':id/actions/restore')
  @HttpCode(200)
  @ApiOperation({ summary: 'Restores a deleted instance.' })
  @ApiOkResponse({ description: 'The instance is restored.', type: Reclamation })
  async restore(@Param() { id }: ReclamationPath, @Caller() caller: Principal): Promise<Reclamation> {
    return reclamationView(await this.reclamations.restore(id, actorOf(caller)));
  }

  @Post(':id/actions/reclaim')
  @HttpCode(202)
  @ApiOperation({ summary: 'Takes a deleted instance away before its time.' })
  @ApiAcceptedResponse({ description: 'The removal has begun.', type: Reclamation })
  async reclaim(@Param() { id }: ReclamationPath, @Caller() caller: Principal): Promise<Reclamation> {
    return reclamationView(await this.reclamations.reclaim(id, actorOf(caller)));
  }
}
