import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '@tidings/access';
import { Catalogue, isJsonMediaType, isUtf8Charset, parseMediaType } from '@tidings/catalogue';
import { ENVIRONMENT, type Environment } from '@tidings/runtime';
import { JsonSplitter } from '../body/json-splitter.js';
import { LINE_MEDIA_TYPES, LineSplitter } from '../body/line-splitter.js';
import { readBody } from '../body/request-body.js';
import { BodyIntake } from '../intake/body-intake.js';
import { hopsOfRequest } from '../intake/hops.js';
import { emptyBody, unsupportedMediaType } from '../intake/intake-failure.js';
import type { IntakeAnswer } from '../intake/intake-answer.dto.js';
import { NO_SYSTEM, type Reading } from '../intake/reading.js';
import { attributesOfHeaders, isBinaryMode, type RequestHeaders } from './binary-headers.js';
import { CloudEventReader } from './cloud-event-reader.js';
import { traceContextOf } from './trace-context.js';

const STRUCTURED_MEDIA_TYPES: readonly string[] = [
  'application/cloudevents+json',
  'application/cloudevents-batch+json',
];
/** How CloudEvents' media types begin, those of other formats than JSON among them. */
const CLOUDEVENTS_MEDIA_TYPE = 'application/cloudevents';

const WANTED =
  'must be application/cloudevents+json, application/cloudevents-batch+json, application/x-ndjson for an event a line, or application/json with ce-… headers';
const WANTED_BODY = 'send a CloudEvent, a batch of them, or with ce-… headers its data';

/** Takes in CloudEvents over HTTP, in all three content modes, and as NDJSON, as an export has them. */
@Injectable()
export class CloudEventsService {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly intake: BodyIntake,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /**
   * @param body undefined where the request has none
   * @param caller events of other sources than theirs are turned away
   * @throws {DomainError} for every answer that is not 202
   */
  async take(
    request: RequestHeaders,
    body: Readable | undefined,
    caller: Pick<Principal, 'sources'>,
  ): Promise<IntakeAnswer> {
    const { headers } = request;
    const header = headers['content-type'] ?? '';
    const { essence, charset } = parseMediaType(header);
    const reader = new CloudEventReader(this.catalogue, this.environment.kafka.prefix, {
      trace: traceContextOf(headers),
      hops: hopsOfRequest(headers),
      sources: caller.sources,
    });
    const isBinary = !essence.startsWith(CLOUDEVENTS_MEDIA_TYPE) && isBinaryMode(headers);
    const isLines = LINE_MEDIA_TYPES.includes(essence);
    const isTaken =
      STRUCTURED_MEDIA_TYPES.includes(essence) ||
      isPlainJson(essence) ||
      (isLines && !isBinary) ||
      (isBinary && essence === '');
    if (body === undefined) {
      if (isBinary) return this.intake.takeOne(readBinary(reader, request, Buffer.alloc(0)));
      throw emptyBody(WANTED_BODY);
    }
    if (!isTaken || !isUtf8Charset(charset)) throw unsupportedMediaType(header, WANTED);
    const chunks = readBody(body, headers['content-encoding']);
    if (isBinary) return this.takeBinary(reader, request, chunks);
    return this.intake.takeStream({
      chunks,
      splitter: isLines
        ? new LineSplitter(this.environment.maxEventBytes)
        : new JsonSplitter(this.environment.maxEventBytes, { lines: false }),
      read: (text) => reader.readStructured(text),
      system: NO_SYSTEM,
      wanted: WANTED_BODY,
    });
  }

  private async takeBinary(
    reader: CloudEventReader,
    request: RequestHeaders,
    chunks: AsyncIterable<Buffer>,
  ): Promise<IntakeAnswer> {
    const data = await this.intake.collect(chunks, this.environment.maxEventBytes);
    return this.intake.takeOne(readBinary(reader, request, data));
  }
}

function readBinary(reader: CloudEventReader, request: RequestHeaders, data: Buffer): Reading {
  const attributes = attributesOfHeaders(request);
  if ('given' in attributes) return reader.readBinary(attributes.given, data);
  return { status: 'rejected', code: 'unprocessable_event', problems: attributes.problems, system: NO_SYSTEM };
}

function isPlainJson(essence: string): boolean {
  return isJsonMediaType(essence) && !essence.startsWith(CLOUDEVENTS_MEDIA_TYPE);
}
