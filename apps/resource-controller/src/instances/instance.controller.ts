import { Body, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Caller, type Principal } from '@tidings/access';
import { Fails } from '@tidings/openapi';
import { actorOf } from '../api/resource-caller.js';
import { resourceList, type ResourceList, ResourceListQuery } from '../api/resource-list.dto.js';
import { ResourceRoutes } from '../api/resource-routes.js';
import {
  instanceView,
  PromoCode,
  ResourceInstance,
  ResourceInstanceChange,
  ResourceInstanceDeletion,
  ResourceInstanceDraft,
  ResourceInstanceList,
  ResourceInstancePath,
  ResourceInstanceStateChange,
} from './instance.dto.js';
import { InstanceService } from './instance.service.js';

const PATH = 'v2/resource_instances';

@ResourceRoutes(PATH)
export class InstanceController {
  constructor(private readonly instances: InstanceService) {}

  @Get()
  @ApiOperation({ summary: 'Lists service instances.' })
  @ApiOkResponse({ description: 'A page of instances.', type: ResourceInstanceList })
  async list(@Query() query: ResourceListQuery): Promise<ResourceList<ResourceInstance>> {
    return resourceList(`/${PATH}`, query, await this.instances.list(query), ({ guid }) => guid, instanceView);
  }

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Asks for a service instance. It is provisioning until the broker has made it, or refused.',
  })
  @ApiAcceptedResponse({ description: 'Provisioning has begun.', type: ResourceInstance })
  @Fails('conflict')
  async create(@Body() draft: ResourceInstanceDraft, @Caller() caller: Principal): Promise<ResourceInstance> {
    return instanceView(await this.instances.create(draft, actorOf(caller)));
  }

  @Get(':id')
  @ApiOperation({ summary: 'Gives one instance.' })
  @ApiOkResponse({ description: 'The instance.', type: ResourceInstance })
  async retrieve(@Param() { id }: ResourceInstancePath): Promise<ResourceInstance> {
    return instanceView(await this.instances.find(id));
  }

  @Patch(':id')
  @HttpCode(202)
  @ApiOperation({ summary: 'Asks for another name and other parameters, or for another plan.' })
  @ApiAcceptedResponse({ description: 'The change has begun.', type: ResourceInstance })
  @Fails('conflict')
  async change(
    @Param() { id }: ResourceInstancePath,
    @Body() change: ResourceInstanceChange,
    @Caller() caller: Principal,
  ): Promise<ResourceInstance> {
    return instanceView(await this.instances.change(id, change, actorOf(caller)));
  }

  @Delete(':id')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Asks for the end of an instance. One whose plan has a reclamation can be restored for a week.',
  })
  @ApiAcceptedResponse({ description: 'The deletion has begun.', type: ResourceInstance })
  @Fails('conflict')
  async remove(
    @Param() { id }: ResourceInstancePath,
    @Query() { recursive }: ResourceInstanceDeletion,
    @Caller() caller: Principal,
  ): Promise<ResourceInstance> {
    return instanceView(await this.instances.remove(id, recursive, actorOf(caller)));
  }

  @Put(':id/state')
  @ApiOperation({ summary: 'Switches an instance on or off; a locked one stays as it is.' })
  @ApiOkResponse({ description: 'The instance.', type: ResourceInstance })
  @Fails('conflict')
  async changeState(
    @Param() { id }: ResourceInstancePath,
    @Body() { state }: ResourceInstanceStateChange,
    @Caller() caller: Principal,
  ): Promise<ResourceInstance> {
    return instanceView(await this.instances.changeState(id, state, actorOf(caller)));
  }

  @Post(':id/lock')
  @HttpCode(200)
  @ApiOperation({ summary: 'Locks an instance against changes.' })
  @ApiOkResponse({ description: 'The instance.', type: ResourceInstance })
  @Fails('conflict')
  async lock(@Param() { id }: ResourceInstancePath, @Caller() caller: Principal): Promise<ResourceInstance> {
    return instanceView(await this.instances.lock(id, true, actorOf(caller)));
  }

  @Delete(':id/lock')
  @ApiOperation({ summary: 'Unlocks an instance.' })
  @ApiOkResponse({ description: 'The instance.', type: ResourceInstance })
  @Fails('conflict')
  async unlock(@Param() { id }: ResourceInstancePath, @Caller() caller: Principal): Promise<ResourceInstance> {
    return instanceView(await this.instances.lock(id, false, actorOf(caller)));
  }

  @Post(':id/promo_code')
  @HttpCode(200)
  @ApiOperation({ summary: 'Applies a promotion code to an instance.' })
  @ApiOkResponse({ description: 'The instance.', type: ResourceInstance })
  @Fails('conflict')
  async applyPromoCode(
    @Param() { id }: ResourceInstancePath,
    @Body() { promo_code }: PromoCode,
    @Caller() caller: Principal,
  ): Promise<ResourceInstance> {
    return instanceView(await this.instances.applyPromoCode(id, promo_code, actorOf(caller)));
  }
}
