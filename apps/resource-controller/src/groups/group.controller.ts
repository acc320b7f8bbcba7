import { Body, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Caller, type Principal } from '@tidings/access';
import { Fails } from '@tidings/openapi';
import { actorOf } from '../api/resource-caller.js';
import { resourceList, type ResourceList, ResourceListQuery } from '../api/resource-list.dto.js';
import { ResourceRoutes } from '../api/resource-routes.js';
import {
  groupView,
  ResourceGroup,
  ResourceGroupChange,
  ResourceGroupDraft,
  ResourceGroupList,
  ResourceGroupPath,
} from './group.dto.js';
import { GroupService } from './group.service.js';

const PATH = 'v2/resource_groups';

@ResourceRoutes(PATH)
export class GroupController {
  constructor(private readonly groups: GroupService) {}

  @Get()
  @ApiOperation({ summary: 'Lists resource groups.' })
  @ApiOkResponse({ description: 'A page of groups.', type: ResourceGroupList })
  async list(@Query() query: ResourceListQuery): Promise<ResourceList<ResourceGroup>> {
    return resourceList(`/${PATH}`, query, await this.groups.list(query), ({ id }) => id, groupView);
  }

  @Post()
  @ApiOperation({ summary: 'Makes a resource group.' })
  @ApiCreatedResponse({ description: 'The group.', type: ResourceGroup })
  @Fails('conflict')
  async create(@Body() draft: ResourceGroupDraft, @Caller() caller: Principal): Promise<ResourceGroup> {
    return groupView(await this.groups.create(draft, actorOf(caller)));
  }

  @Get(':id')
  @ApiOperation({ summary: 'Gives one resource group.' })
  @ApiOkResponse({ description: 'The group.', type: ResourceGroup })
  async retrieve(@Param() { id }: ResourceGroupPath): Promise<ResourceGroup> {
    return groupView(await this.groups.find(id));
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Renames a resource group.' })
  @ApiOkResponse({ description: 'The group.', type: ResourceGroup })
  @Fails('conflict')
  async rename(
    @Param() { id }: ResourceGroupPath,
    @Body() { name }: ResourceGroupChange,
    @Caller() caller: Principal,
  ): Promise<ResourceGroup> {
    return groupView(await this.groups.rename(id, name, actorOf(caller)));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Deletes a resource group with nothing in it.' })
  @ApiNoContentResponse({ description: 'The group is deleted.' })
  @Fails('conflict')
  async remove(@Param() { id }: ResourceGroupPath, @Caller() caller: Principal): Promise<void> {
    await this.groups.remove(id, actorOf(caller));
  }
}
