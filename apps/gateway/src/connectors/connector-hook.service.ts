import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { DomainError, ENVIRONMENT, type Environment, isDomainError } from '@tidings/runtime';
import { Webhook } from 'standardwebhooks';
import { BodyIntake } from '../intake/body-intake.js';
import type { IntakeAnswer } from '../intake/intake-answer.dto.js';
import { NativeEventsService } from '../native/native-events.service.js';
import { ConnectorFleet } from './connector-fleet.js';
import { type ConnectorSettings, type HookSettings, isHook, siteOfConnector, systemOf } from './connector-settings.js';
import { CONNECTORS } from './connector.service.js';

/** Whoever is turned away because of a pause may ask again after so long, seconds. */
const PAUSED_RETRY_SECONDS = 60;

/** A post to a hook. */
export interface HookCall {
  readonly name: string;
  readonly secret: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable | undefined;
}

/** Takes what other systems post of their own. Whoever knows the secret path may. */
@Injectable()
export class ConnectorHookService {
  constructor(
    @Inject(CONNECTORS) private readonly connectors: readonly ConnectorSettings[],
    @Inject(ConnectorFleet) private readonly fleet: ConnectorFleet,
    private readonly events: NativeEventsService,
    private readonly intake: BodyIntake,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /**
   * Answers once Kafka has the events.
   * @throws {DomainError} `not_found` for a wrong name and a wrong secret alike, `connector_paused`, and whatever
   *   `POST /v1/ingest/{system}` is answered with
   */
  async take(call: HookCall): Promise<IntakeAnswer> {
    const settings = this.settingsOf(call);
    const { name } = settings;
    if (this.fleet.isPaused(name)) {
      throw new DomainError('connector_paused', { connector: name }, { retryAfterSeconds: PAUSED_RETRY_SECONDS });
    }
    const { journal, presence } = this.fleet.hook(name);
    const arrived = new Date();
    try {
      const answer = await this.pass(settings, call);
      const taken = answer.accepted + answer.dead_lettered;
      if (taken > 0) journal.took(taken, arrived);
      if (answer.rejected > 0) journal.refused(answer.rejected, 'Some of what was posted could not be kept');
      return answer;
    } catch (error) {
      journal.failed(error instanceof Error ? error.message : String(error));
      // The sender will not send it again, and this was no fault of what it sent.
      if (!isDomainError(error) || error.retriable) presence.missed(arrived.getTime());
      throw error;
    }
  }

  /** @throws {DomainError} `not_found` for a wrong name and a wrong secret alike */
  hookNamed(name: string, secret: string): HookSettings {
    const settings = this.connectors.find((one) => one.name === name);
    const isKnown = settings !== undefined && isHook(settings) && isSame(settings.secret, secret);
    if (!isKnown) throw new DomainError('not_found');
    return settings;
  }

  private settingsOf({ name, secret, headers }: HookCall): HookSettings {
    const settings = this.hookNamed(name, secret);
    const { header } = settings;
    if (header !== undefined && !isSame(header.value, headers[header.name])) throw new DomainError('permission_denied');
    return settings;
  }

  private async pass(settings: HookSettings, { headers, body }: HookCall): Promise<IntakeAnswer> {
    const signing = settings.kind === 'ibm-hook' ? settings.signing_secret : undefined;
    return this.events.take({
      system: systemOf(settings),
      site: siteOfConnector(settings),
      headers,
      body: signing === undefined ? body : await this.verified(body, headers, signing),
      caller: { sources: ['*'] },
    });
  }

  /** The signature is of the bytes as they were sent, so all of them are needed first. */
  private async verified(
    body: Readable | undefined,
    headers: IncomingHttpHeaders,
    secret: string,
  ): Promise<Readable | undefined> {
    if (body === undefined) return undefined;
    const bytes = await this.intake.collect(body as AsyncIterable<Buffer>, this.environment.maxEventBytes);
    const signed = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [
      name,
      textOf(headers[name]),
    ]);
    try {
      new Webhook(secret).verify(bytes, Object.fromEntries(signed) as Record<string, string>);
    } catch (error) {
      // What is signed and is no JSON is for the intake to say.
      if (!(error instanceof SyntaxError)) throw new DomainError('permission_denied', {}, { cause: error });
    }
    return Readable.from([bytes], { objectMode: false });
  }
}

function textOf(header: string | string[] | undefined): string {
  return typeof header === 'string' ? header : '';
}

/** Compares without telling by its time how much of it was right. */
function isSame(wanted: string, given: string | string[] | undefined): boolean {
  return typeof given === 'string' && timingSafeEqual(digest(wanted), digest(given));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
