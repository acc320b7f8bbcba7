import type { Readable } from 'node:stream';
import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Req,
  UseInterceptors,
} from '@nestjs/common';
import { Caller, type Principal, Requires } from '@tidings/access';
import { parseMediaType } from '@tidings/catalogue';
import { DomainError, StreamedBody } from '@tidings/runtime';
import type { FastifyRequest } from 'fastify';
import { INSTANCE_PATH } from '../api/api-path.js';
import { InstanceGate } from '../api/instance-gate.js';
import { type ListEnvelope, listEnvelope } from '../api/list-envelope.js';
import { ListQuery, type ListSlice } from '../api/list-query.js';
import { collectBody, jsonOf } from '../api/request-body.js';
import { uuidNamed } from '../api/resource-id.js';
import { DatabaseAvailability } from '@tidings/database';
import { membersOfForm, readDestination } from './destination-body.js';
import { DestinationService } from './destination.service.js';
import { createdDestinationView, destinationView, listedDestinationView } from './destination-view.js';
import { MAX_FORM, readForm } from './multipart-form.js';

@Controller(`${INSTANCE_PATH}/destinations`)
@Requires('notifications:admin')
@UseInterceptors(DatabaseAvailability)
export class DestinationController {
  constructor(
    private readonly destinations: DestinationService,
    private readonly gate: InstanceGate,
  ) {}

  @Get()
  @Requires('notifications:read')
  async list(
    @Param('instance_id') instanceId: string,
    @Query(new ListQuery()) slice: ListSlice,
    @Caller() caller: Principal,
    @Req() request: FastifyRequest,
  ): Promise<ListEnvelope> {
    const instance = await this.gate.enter(instanceId, caller);
    const { total, entries } = await this.destinations.page(instance.id, slice);
    return listEnvelope(request, slice, 'destinations', { total, entries: entries.map(listedDestinationView) });
  }

  @Post()
  @StreamedBody()
  async create(
    @Param('instance_id') instanceId: string,
    @Headers('content-type') contentType: string | undefined,
    @Body() body: Readable | undefined,
    @Caller() caller: Principal,
  ) {
    const instance = await this.gate.enter(instanceId, caller);
    const members = readDestination(await bodyOf(body, contentType), true);
    return createdDestinationView(await this.destinations.create(instance.id, members, caller));
  }

  @Get(':id')
  @Requires('notifications:read')
  async retrieve(@Param('instance_id') instanceId: string, @Param('id') id: string, @Caller() caller: Principal) {
    const instance = await this.gate.enter(instanceId, caller);
    return destinationView(await this.destinations.find(instance.id, uuidNamed(id)));
  }

  @Patch(':id')
  @StreamedBody()
  async change(
    @Param('instance_id') instanceId: string,
    @Param('id') id: string,
    @Headers('content-type') contentType: string | undefined,
    @Body() body: Readable | undefined,
    @Caller() caller: Principal,
  ) {
    const instance = await this.gate.enter(instanceId, caller);
    const members = readDestination(await bodyOf(body, contentType), false);
    return destinationView(await this.destinations.change(instance.id, uuidNamed(id), members, caller));
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(
    @Param('instance_id') instanceId: string,
    @Param('id') id: string,
    @Caller() caller: Principal,
  ): Promise<void> {
    const instance = await this.gate.enter(instanceId, caller);
    await this.destinations.remove(instance.id, uuidNamed(id), caller);
  }
}

/** A form, as IBM's clients send it, or JSON with the same members. */
async function bodyOf(body: Readable | undefined, contentType = ''): Promise<unknown> {
  const { essence: mediaType } = parseMediaType(contentType);
  switch (mediaType) {
    case 'multipart/form-data':
      return membersOfForm(await readForm(body, contentType));
    case 'application/json':
      return jsonOf(await collectBody(body, MAX_FORM));
    case '':
      throw new DomainError('empty_body');
    default:
      body?.destroy();
      throw new DomainError('unsupported_media_type', { mediaType });
  }
}
