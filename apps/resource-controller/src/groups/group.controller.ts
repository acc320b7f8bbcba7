import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
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
import { GroupChange, GroupDraft } from './group-body.js';
import { GroupService } from './group.service.js';
import { type GroupView, groupView } from './group-view.js';

const PATH = 'v2/resource_groups';

@Controller(PATH)
@Requires('events:publish')
@UseGuards(SourceGuard)
@UseInterceptors(DatabaseAvailability)
export class GroupController {
  constructor(private readonly groups: GroupService) {}

  @Get()
  async list(@Query(new ResourceListQuery()) slice: ListSlice): Promise<ResourceList<GroupView>> {
    return resourceList(`/${PATH}`, slice, await this.groups.list(slice), ({ id }) => id, groupView);
  }

  @Post()
  async create(@Body(RESOURCE_BODY) draft: GroupDraft, @Caller() caller: Principal): Promise<GroupView> {
    return groupView(await this.groups.create(draft, actorOf(caller)));
  }

  @Get(':id')
  async retrieve(@Param('id') id: string): Promise<GroupView> {
    return groupView(await this.groups.find(id));
  }

  @Patch(':id')
  async rename(
    @Param('id') id: string,
    @Body(RESOURCE_BODY) { name }: GroupChange,
    @Caller() caller: Principal,
  ): Promise<GroupView> {
    return groupView(await this.groups.rename(id, name, actorOf(caller)));
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@Param('id') id: string, @Caller() caller: Principal): Promise<void> {
    await this.groups.remove(id, actorOf(caller));
  }
}
