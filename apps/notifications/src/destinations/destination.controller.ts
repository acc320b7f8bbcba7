import type { Readable } from 'node:stream';
import { Body, Delete, Get, Headers, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Caller, type Principal, Requires } from '@tidings/access';
import { parseMediaType } from '@tidings/catalogue';
import { Fails, ReadBody } from '@tidings/openapi';
import { DomainError, StreamedBody } from '@tidings/runtime';
import type { FastifyRequest } from 'fastify';
import { InstancePath } from '../api/admin-fields.js';
import { ADMIN_REQUESTS, AdminRoutes } from '../api/admin-routes.js';
import { INSTANCE_PATH } from '../api/api-path.js';
import { InstanceGate } from '../api/instance-gate.js';
import { listEnvelope, ListQuery } from '../api/list.dto.js';
import { collectBody, jsonOf } from '../api/request-body.js';
import { uuidNamed } from '../api/resource-id.js';
import {
  CreatedDestination,
  createdDestinationView,
  Destination,
  DestinationChange,
  DestinationChangeForm,
  DestinationDraft,
  DestinationForm,
  DestinationList,
  DestinationPath,
  destinationView,
  listedDestinationView,
  membersOfForm,
} from './destination.dto.js';
import { DestinationService } from './destination.service.js';
import { MAX_FORM, readForm } from './multipart-form.js';

@AdminRoutes(`${INSTANCE_PATH}/destinations`, 'Destinations')
export class DestinationController {
  constructor(
    private readonly destinations: DestinationService,
    private readonly gate: InstanceGate,
  ) {}

  @Get()
  @Requires('notifications:read')
  @ApiOperation({ summary: 'Lists destinations, without their configurations.' })
  @ApiOkResponse({ description: 'A page.', type: DestinationList })
  async list(
    @Param() { instance_id }: InstancePath,
    @Query() query: ListQuery,
    @Caller() caller: Principal,
    @Req() request: FastifyRequest,
  ): Promise<DestinationList> {
    const instance = await this.gate.enter(instance_id, caller);
    const { total, entries } = await this.destinations.page(instance.id, query);
    return listEnvelope(request, query, 'destinations', { total, entries: entries.map(listedDestinationView) });
  }

  @Post()
  @StreamedBody()
  @ApiOperation({
    summary: 'Makes a destination.',
    description: 'The body is a form, whose parts `config` and `retry_schedule` are JSON texts; or JSON.',
  })
  @ReadBody({ 'multipart/form-data': DestinationForm, 'application/json': DestinationDraft })
  @ApiCreatedResponse({ description: 'The destination; what is secret is masked.', type: CreatedDestination })
  @Fails('empty_body', 'body_too_large', 'conflict')
  async create(
    @Param() { instance_id }: InstancePath,
    @Headers('content-type') contentType: string | undefined,
    @Body() body: Readable | undefined,
    @Caller() caller: Principal,
  ): Promise<CreatedDestination> {
    const instance = await this.gate.enter(instance_id, caller);
    const draft = await ADMIN_REQUESTS.read(DestinationDraft, await bodyOf(body, contentType));
    return createdDestinationView(await this.destinations.create(instance.id, draft, caller));
  }

  @Get(':id')
  @Requires('notifications:read')
  @ApiOperation({ summary: 'Gives one destination; what is secret is masked.' })
  @ApiOkResponse({ description: 'The destination.', type: Destination })
  async retrieve(@Param() { instance_id, id }: DestinationPath, @Caller() caller: Principal): Promise<Destination> {
    const instance = await this.gate.enter(instance_id, caller);
    return destinationView(await this.destinations.find(instance.id, uuidNamed(id)));
  }

  @Patch(':id')
  @StreamedBody()
  @ApiOperation({
    summary: 'Changes a destination. What is left out, or comes back masked, stays as it is.',
    description: 'The body is a form, whose parts `config` and `retry_schedule` are JSON texts; or JSON.',
  })
  @ReadBody({ 'multipart/form-data': DestinationChangeForm, 'application/json': DestinationChange })
  @ApiOkResponse({ description: 'The destination.', type: Destination })
  @Fails('empty_body', 'body_too_large', 'conflict')
  async change(
    @Param() { instance_id, id }: DestinationPath,
    @Headers('content-type') contentType: string | undefined,
    @Body() body: Readable | undefined,
    @Caller() caller: Principal,
  ): Promise<Destination> {
    const instance = await this.gate.enter(instance_id, caller);
    const change = await ADMIN_REQUESTS.read(DestinationChange, await bodyOf(body, contentType));
    return destinationView(await this.destinations.change(instance.id, uuidNamed(id), change, caller));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Deletes a destination with its subscriptions; what waits for it is cancelled.' })
  @ApiNoContentResponse({ description: 'The destination is deleted.' })
  async remove(@Param() { instance_id, id }: DestinationPath, @Caller() caller: Principal): Promise<void> {
    const instance = await this.gate.enter(instance_id, caller);
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
