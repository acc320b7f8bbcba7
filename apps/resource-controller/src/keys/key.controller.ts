import { Body, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Caller, type Principal } from '@tidings/access';
import { Fails } from '@tidings/openapi';
import { actorOf } from '../api/resource-caller.js';
import { resourceList, type ResourceList, ResourceListQuery } from '../api/resource-list.dto.js';
import { ResourceRoutes } from '../api/resource-routes.js';
import { keyView, ResourceKey, ResourceKeyDraft, ResourceKeyList, ResourceKeyPath } from './key.dto.js';
import { KeyService } from './key.service.js';

const PATH = 'v2/resource_keys';

@ResourceRoutes(PATH)
export class KeyController {
  constructor(private readonly keys: KeyService) {}

  @Get()
  @ApiOperation({ summary: 'Lists keys.' })
  @ApiOkResponse({ description: 'A page of keys.', type: ResourceKeyList })
  async list(@Query() query: ResourceListQuery): Promise<ResourceList<ResourceKey>> {
    return resourceList(`/${PATH}`, query, await this.keys.list(query), ({ guid }) => guid, keyView);
  }

  @Post()
  @ApiOperation({ summary: 'Makes a key of an active instance. A role that the broker does not know is refused.' })
  @ApiCreatedResponse({ description: 'The key.', type: ResourceKey })
  @Fails('conflict')
  async create(@Body() draft: ResourceKeyDraft, @Caller() caller: Principal): Promise<ResourceKey> {
    return keyView(await this.keys.create(draft, actorOf(caller)));
  }

  @Get(':id')
  @ApiOperation({ summary: 'Gives one key.' })
  @ApiOkResponse({ description: 'The key.', type: ResourceKey })
  async retrieve(@Param() { id }: ResourceKeyPath): Promise<ResourceKey> {
    return keyView(await this.keys.find(id));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Deletes a key, unless its instance is locked.' })
  @ApiNoContentResponse({ description: 'The key is deleted.' })
  @Fails('conflict')
  async remove(@Param() { id }: ResourceKeyPath, @Caller() caller: Principal): Promise<void> {
    await this.keys.remove(id, actorOf(caller));
  }
}
