import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  Query,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { Caller, type Principal, Requires } from '@tidings/access';
import { DatabaseAvailability } from '../api/database-availability.interceptor.js';
import { RESOURCE_BODY } from '../api/resource-body.js';
import { actorOf, SourceGuard } from '../api/resource-caller.js';
import { type ListSlice, resourceList, type ResourceList, ResourceListQuery } from '../api/resource-list.js';
import { KeyDraft } from './key-body.js';
import { KeyService } from './key.service.js';
import { type KeyView, keyView } from './key-view.js';

const PATH = 'v2/resource_keys';

@Controller(PATH)
@Requires('events:publish')
@UseGuards(SourceGuard)
@UseInterceptors(DatabaseAvailability)
export class KeyController {
  constructor(private readonly keys: KeyService) {}

  @Get()
  async list(@Query(new ResourceListQuery()) slice: ListSlice): Promise<ResourceList<KeyView>> {
    return resourceList(`/${PATH}`, slice, await this.keys.list(slice), ({ guid }) => guid, keyView);
  }

  @Post()
  async create(@Body(RESOURCE_BODY) draft: KeyDraft, @Caller() caller: Principal): Promise<KeyView> {
    return keyView(await this.keys.create(draft, actorOf(caller)));
  }

  @Get(':id')
  async retrieve(@Param('id') id: string): Promise<KeyView> {
    return keyView(await this.keys.find(id));
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@Param('id') id: string, @Caller() caller: Principal): Promise<void> {
    await this.keys.remove(id, actorOf(caller));
  }
}
