import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Put,
  Query,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { Caller, type Principal, Requires } from '@tidings/access';
import { DatabaseAvailability } from '../api/database-availability.interceptor.js';
import { RESOURCE_BODY } from '../api/resource-body.js';
import { actorOf, SourceGuard } from '../api/resource-caller.js';
import { type ListSlice, resourceList, type ResourceList, ResourceListQuery } from '../api/resource-list.js';
import { Deletion, InstanceChange, InstanceDraft, PromoCode, StateChange } from './instance-body.js';
import { InstanceService } from './instance.service.js';
import { type InstanceView, instanceView } from './instance-view.js';

const PATH = 'v2/resource_instances';

@Controller(PATH)
@Requires('events:publish')
@UseGuards(SourceGuard)
@UseInterceptors(DatabaseAvailability)
export class InstanceController {
  constructor(private readonly instances: InstanceService) {}

  @Get()
  async list(@Query(new ResourceListQuery()) slice: ListSlice): Promise<ResourceList<InstanceView>> {
    return resourceList(`/${PATH}`, slice, await this.instances.list(slice), ({ guid }) => guid, instanceView);
  }

  @Post()
  @HttpCode(202)
  async create(@Body(RESOURCE_BODY) draft: InstanceDraft, @Caller() caller: Principal): Promise<InstanceView> {
    return instanceView(await this.instances.create(draft, actorOf(caller)));
  }

  @Get(':id')
  async retrieve(@Param('id') id: string): Promise<InstanceView> {
    return instanceView(await this.instances.find(id));
  }

  @Patch(':id')
  @HttpCode(202)
  async change(
    @Param('id') id: string,
    @Body(RESOURCE_BODY) change: InstanceChange,
    @Caller() caller: Principal,
  ): Promise<InstanceView> {
    return instanceView(await this.instances.change(id, change, actorOf(caller)));
  }

  @Delete(':id')
  @HttpCode(202)
  async remove(
    @Param('id') id: string,
    @Query(RESOURCE_BODY) { recursive }: Deletion,
    @Caller() caller: Principal,
  ): Promise<InstanceView> {
    return instanceView(await this.instances.remove(id, recursive === 'true', actorOf(caller)));
  }

  @Put(':id/state')
  async changeState(
    @Param('id') id: string,
    @Body(RESOURCE_BODY) { state }: StateChange,
    @Caller() caller: Principal,
  ): Promise<InstanceView> {
    return instanceView(await this.instances.changeState(id, state, actorOf(caller)));
  }

  @Post(':id/lock')
  @HttpCode(200)
  async lock(@Param('id') id: string, @Caller() caller: Principal): Promise<InstanceView> {
    return instanceView(await this.instances.lock(id, true, actorOf(caller)));
  }

  @Delete(':id/lock')
  async unlock(@Param('id') id: string, @Caller() caller: Principal): Promise<InstanceView> {
    return instanceView(await this.instances.lock(id, false, actorOf(caller)));
  }

  @Post(':id/promo_code')
  @HttpCode(200)
  async applyPromoCode(
    @Param('id') id: string,
    @Body(RESOURCE_BODY) { promo_code }: PromoCode,
    @Caller() caller: Principal,
  ): Promise<InstanceView> {
    return instanceView(await this.instances.applyPromoCode(id, promo_code, actorOf(caller)));
  }
}
