import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { Public } from '@tidings/access';
import { Catalogue, dataschemaOf } from '@tidings/catalogue';
import { DomainError } from '@tidings/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerCacheable } from './cacheable-answer.js';

const DATASCHEMA = /^urn:tidings:schema:(.+):(\d{1,9})$/;
const VERSION = /^[1-9]\d{0,8}$/;

/**
 * The JSON Schema of each type and version, under what `dataschema` says. Public, as the API's document is: what an event
 * can be is no secret, and validators that follow a `dataschema` have no token.
 */
@Controller('schemas')
@Public()
export class SchemaController {
  constructor(private readonly catalogue: Catalogue) {}

  @Get(':dataschema')
  byDataschema(
    @Param('dataschema') dataschema: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string | undefined {
    const [, type, version] = DATASCHEMA.exec(dataschema) ?? [];
    return this.answer(type ?? dataschema, version, request, reply);
  }

  @Get(':type/:version')
  byVersion(
    @Param('type') type: string,
    @Param('version') version: string,
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
