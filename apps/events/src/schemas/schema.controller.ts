import { applyDecorators, Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '@tidings/access';
import { Catalogue, dataschemaOf } from '@tidings/catalogue';
import { AlsoHead } from '@tidings/openapi';
import { DomainError } from '@tidings/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EventsRequests } from '../paging/events-requests.js';
import { answerCacheable } from './cacheable-answer.js';
import { DataschemaPath, EXAMPLE_SCHEMA, SchemaVersionPath } from './schema.dto.js';

const DATASCHEMA = /^urn:tidings:schema:(.+):(\d{1,9})$/;
const VERSION = /^[1-9]\d{0,8}$/;

const TEXT = { type: 'string' } as const;
const HEADERS = {
  ETag: { description: 'Changes with the schema, that is never for one version.', schema: TEXT },
  'Cache-Control': {
    description: 'May be cached for ever.',
    schema: TEXT,
    example: 'public, max-age=31536000, immutable',
  },
};

/** What the document says of a route that answers a schema. */
const AnswersSchema = (): MethodDecorator =>
  applyDecorators(
    AlsoHead(),
    ApiHeader({
      name: 'If-None-Match',
      description: 'The `ETag` of the client’s copy; if it is current, the answer is 304.',
      schema: { type: 'string', example: '"pVYzlmGGNvPbcsLXq-H-oA"' },
    }),
    ApiOkResponse({
      description: 'The JSON Schema (draft 2020-12) of the payload; its `$id` is the `dataschema` of events.',
      headers: HEADERS,
      content: { 'application/schema+json': { schema: { type: 'object' }, example: EXAMPLE_SCHEMA } },
    }),
    ApiResponse({ status: 304, description: 'The client’s copy is current.', headers: HEADERS }),
  );

/**
 * The JSON Schema of each type and version, under what `dataschema` says. Public, as the API's document is: what an event
 * can be is no secret, and validators that follow a `dataschema` have no token.
 */
@Controller('schemas')
@Public()
@EventsRequests()
@ApiTags('Catalogue')
export class SchemaController {
  constructor(private readonly catalogue: Catalogue) {}

  @Get(':dataschema')
  @ApiOperation({ summary: 'Gives the JSON Schema named by an event’s `dataschema`.' })
  @AnswersSchema()
  byDataschema(
    @Param() { dataschema }: DataschemaPath,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string | undefined {
    const [, type, version] = DATASCHEMA.exec(dataschema) ?? [];
    return this.answer(type ?? dataschema, version, request, reply);
  }

  @Get(':type/:version')
  @ApiOperation({ summary: 'Gives the JSON Schema of a version of an event type.' })
  @AnswersSchema()
  byVersion(
    @Param() { type, version }: SchemaVersionPath,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string | undefined {
    return this.answer(type, version, request, reply);
  }

  private answer(
    type: string,
    version: string | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): string | undefined {
    const isVersion = version !== undefined && VERSION.test(version);
    const schema = isVersion ? this.catalogue.type(type)?.schemaOf(Number(version)) : undefined;
    if (schema === undefined) throw new DomainError('not_found', {}, { members: { nearest: this.nearest(type) } });
    const text = JSON.stringify(schema);
    return answerCacheable(request, reply, { text, contentType: 'application/schema+json', changes: 'never' });
  }

  /** Every version of the type, or the current ones of those whose names are like it. */
  private nearest(name: string): readonly string[] {
    const declared = this.catalogue.type(name);
    if (declared !== undefined) return declared.versions.map((version) => dataschemaOf(declared.type, version));
    return this.catalogue.nearest(name).flatMap((type) => this.catalogue.type(type)?.dataschema ?? []);
  }
}
