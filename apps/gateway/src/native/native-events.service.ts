import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { mayPublishAs, type Principal } from '@tidings/access';
import { Catalogue, DEFAULT_SITE, nativeSource, parseMediaType, siteProblem } from '@tidings/catalogue';
import { DomainError, ENVIRONMENT, type Environment, invalidQuery } from '@tidings/runtime';
import { JsonSplitter } from '../body/json-splitter.js';
import { LINE_MEDIA_TYPES, LineSplitter } from '../body/line-splitter.js';
import { readAnyBody } from '../body/request-body.js';
import { isOversize, trimmed, type TextSplitter } from '../body/text-splitter.js';
import { traceContextOf } from '../cloud-events/trace-context.js';
import { BodyIntake } from '../intake/body-intake.js';
import { hopsOfRequest } from '../intake/hops.js';
import { emptyBody } from '../intake/intake-failure.js';
import type { IntakeAnswer } from '../intake/intake-answer.dto.js';
import { NativeReader, type NativeSystem } from './native-reader.js';
import { FORM_GROWTH, FORM_MEDIA_TYPE, jsonOfForm } from './waldur-form.js';

/** The systems whose own delivery can send forms. */
const FORM_SENDERS: readonly string[] = ['waldur'];

/** A request that brings native events. */
export interface NativeRequest {
  readonly system: string;
  readonly site: string | readonly string[] | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable | undefined;
  readonly caller: Pick<Principal, 'sources'>;
}

/** Takes in what the systems themselves send, as they send it. */
@Injectable()
export class NativeEventsService {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly intake: BodyIntake,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** @throws {DomainError} for every answer that is not 202 */
  async take({ system: name, site, headers, body, caller }: NativeRequest): Promise<IntakeAnswer> {
    const system = this.systemNamed(name);
    const sender = { system, site: siteNamed(site), trace: traceContextOf(headers), hops: hopsOfRequest(headers) };
    refuseForeignSource(caller, nativeSource(name, sender.site));
    const reader = new NativeReader(this.catalogue, this.environment.kafka.prefix, sender);
    const { essence } = parseMediaType(headers['content-type']);
    const wanted = `send ${system.title}'s events: one JSON object, an array of them, or one a line`;
    if (body === undefined) throw emptyBody(wanted);
    const isForm = essence === FORM_MEDIA_TYPE && FORM_SENDERS.includes(name);
    const chunks = readAnyBody(body);
    const limit = this.environment.maxEventBytes * FORM_GROWTH;
    const form = isForm ? await this.intake.collectCut(chunks, limit) : undefined;
    if (form !== undefined && isOversize(form)) {
      const problem = `is a form larger than ${limit} bytes; send less, or have TIDINGS_MAX_EVENT_BYTES raised`;
      return this.intake.takeOne(reader.putAside(form.beginning, problem));
    }
    return this.intake.takeStream({
      chunks: form === undefined ? chunks : jsonOf(form),
      // A sender that names another type than it sends, or none, will not send it again: JSON is tried.
      splitter: LINE_MEDIA_TYPES.includes(essence) ? this.lineSplitter() : this.jsonSplitter(),
      read: (text) => reader.read(text),
      putAside: (bytes, problem) => reader.putAside(bytes, problem),
      system: name,
      wanted,
    });
  }

  /** @throws {DomainError} `not_found` where no system of that name sends events of its own */
  systemNamed(name: string): NativeSystem {
    const system = this.catalogue.system(name);
    if (system?.native !== undefined) return { ...system, native: system.native };
    const known = this.catalogue.systems().filter(({ native }) => native !== undefined);
    const problem = `is no system that sends events of its own; there are ${known.map((one) => one.name).join(', ')}`;
    throw new DomainError('not_found', {}, { members: { errors: [{ field: 'system', problem }] } });
  }

  private lineSplitter(): TextSplitter {
    return new LineSplitter(this.environment.maxEventBytes);
  }

  private jsonSplitter(): TextSplitter {
    return new JsonSplitter(this.environment.maxEventBytes, { lines: true });
  }
}

/** A form is one event and comes whole; what begins like JSON is JSON that curl called a form. */
async function* jsonOf(form: Buffer): AsyncGenerator<Buffer, void> {
  const text = trimmed(form);
  if (text.length === 0) return;
  yield text[0] === 0x7b || text[0] === 0x5b ? text : jsonOfForm(text);
}

function refuseForeignSource(caller: Pick<Principal, 'sources'>, source: string): void {
  if (mayPublishAs(caller, source)) return;
  const problem = `makes the source ${source}, which this token may not publish as; use a token for that source`;
  throw new DomainError('source_not_allowed', { source }, { members: { errors: [{ field: 'site', problem }] } });
}

function siteNamed(site: NativeRequest['site']): string {
  if (site === undefined) return DEFAULT_SITE;
  const problem = typeof site === 'string' ? siteProblem(site) : 'must be given once';
  if (problem === undefined && typeof site === 'string') return site;
  throw invalidQuery({ site: [problem ?? 'must be given once'] });
}
