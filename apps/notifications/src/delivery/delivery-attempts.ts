import type { Configuration, ConfigurationSource, DestinationConfiguration } from '../configuration/configuration.js';
import type { AttemptResult, Shipment } from '../destination-types/destination-type.js';
import { destinationType } from '../destination-types/destination-types.js';
import { type Rendering, RenderingPostponed, type TemplateRenderer } from '../templates/template-renderer.js';
import type { ClaimedDelivery, Completion } from './claimed-delivery.js';
import { messageIdOf } from './message-id.js';
import type { OpenDestinations } from './open-destinations.js';
import { DEFAULT_RETRY_SCHEDULE_SECONDS, verdictOf } from './retry-schedule.js';
import { isTest, TEST_SCHEDULE, testAttributes } from './test-delivery.js';

/** The deadline of the whole exchange, milliseconds; well within a lease. */
export const ATTEMPT_MS = 15_000;
/** What has to be left of a lease beyond the deadline of an exchange, so that its outcome is written down in time. */
const LEASE_MARGIN_MS = 3_000;
/** How long a rendering may wait for its turn, milliseconds: a lease has to last for the exchange as well. */
const RENDERING_MS = 8_000;
/** After a configuration that this process has not seen yet, and after a stop. */
const AGAIN_SECONDS = 1;

/** How an attempt ended: what is to be written down, and what the destination did; undefined: it was not asked. */
export type AttemptEnd = Completion & { readonly result: AttemptResult | undefined };

interface Plan {
  readonly destination: DestinationConfiguration;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly schedule: readonly number[];
  readonly eventText: string;
}

/** Makes one attempt at a delivery, as the configuration says now. */
export class DeliveryAttempts {
  constructor(
    private readonly configuration: ConfigurationSource,
    private readonly destinations: OpenDestinations,
    private readonly renderer: TemplateRenderer,
    private readonly deadlineMs = ATTEMPT_MS,
  ) {}

  /** Never rejects. @param stop aborted when the process cannot wait any longer */
  async make(delivery: ClaimedDelivery, stop: AbortSignal): Promise<AttemptEnd> {
    const configuration = this.configuration.current();
    const plan = planOf(delivery, configuration);
    if ('state' in plan) return { ...plan, result: undefined };
    const began = performance.now();
    const result = await this.result(delivery, plan, configuration, stop);
    const endedAt = performance.now();
    const { id, token, destinationId } = delivery;
    if (result === undefined) {
      return { id, token, destinationId, state: 'waiting', pauseSeconds: AGAIN_SECONDS, result };
    }
    const number = delivery.attempts + 1;
    const verdict = verdictOf(result, number - delivery.attemptsBefore, plan.schedule, Math.random());
    return {
      id,
      token,
      destinationId,
      state: verdict.state,
      pauseSeconds: verdict.state === 'waiting' ? verdict.pauseSeconds : 0,
      attempt: {
        number,
        latencyMs: endedAt - began,
        endedAt,
        outcome: result.outcome,
        status: result.status,
        problem: result.problem,
        responseHead: result.responseHead,
      },
      result,
    };
  }

  /** @returns undefined where it was not sent: the process stops, or too little is left of the lease */
  private async result(
    delivery: ClaimedDelivery,
    { destination, attributes, eventText }: Plan,
    configuration: Configuration,
    stop: AbortSignal,
  ): Promise<AttemptResult | undefined> {
    const rendered = await this.rendered(delivery, attributes, destination, configuration, eventText, stop);
    if (rendered === 'postponed') return undefined;
    if (rendered !== undefined && 'outcome' in rendered) return rendered;
    // Whoever claims it anew begins with a whole lease; sent now, it might be sent by two processes.
    if (delivery.leaseUntil - performance.now() < this.deadlineMs + LEASE_MARGIN_MS) return undefined;
    const shipment: Shipment = {
      messageId: messageIdOf(delivery.eventKey, delivery.subscriptionId),
      attempt: delivery.attempts + 1,
      notificationId: delivery.notificationId,
      eventText,
      kafkaKey: delivery.kafkaKey,
      attributes,
      rendered,
    };
    const deadline = new AbortController();
    const abort = (): void => deadline.abort();
    const timer = setTimeout(abort, this.deadlineMs);
    stop.addEventListener('abort', abort);
    try {
      if (stop.aborted) return undefined;
      const result = await this.destinations.use(destination, (open) => open.deliver(shipment, deadline.signal));
      return stop.aborted && result.outcome !== 'delivered' ? undefined : result;
    } catch (error) {
      // Destinations promise not to reject; one that does must not stop the others.
      const problem = `The destination failed: ${error instanceof Error ? error.name : 'error'}.`;
      return { outcome: 'failed', status: 'error', problem };
    } finally {
      clearTimeout(timer);
      stop.removeEventListener('abort', abort);
    }
  }

  private async rendered(
    { notificationId }: ClaimedDelivery,
    attributes: Readonly<Record<string, unknown>>,
    destination: DestinationConfiguration,
    { templates }: Configuration,
    eventText: string,
    stop: AbortSignal,
  ): Promise<Shipment['rendered'] | AttemptResult | 'postponed'> {
    const id = attributes['template_id_notification'];
    const template = typeof id === 'string' ? templates.get(id) : undefined;
    if (template === undefined) return undefined;
    const event = `${eventText.slice(0, eventText.lastIndexOf('}'))},"notification_id":"${notificationId}"}`;
    const escaping = destinationType(destination.type)?.templateEscaping ?? 'html';
    const signal = AbortSignal.any([stop, AbortSignal.timeout(RENDERING_MS)]);
    const order = { tenant: destination.instanceId, eventText: event, signal };
    let body: Rendering;
    let subject: Rendering | undefined;
    try {
      body = await this.renderer.render({ ...order, source: template.body, escaping });
      if (template.subject !== undefined) {
        subject = await this.renderer.render({ ...order, source: template.subject, escaping: 'none' });
      }
    } catch (error) {
      if (error instanceof RenderingPostponed) return 'postponed';
      // Whatever an event does to the renderer, it does to this one delivery.
      const problem = `The template fails: ${error instanceof Error ? error.message : String(error)}`;
      return { outcome: 'failed', status: 'template', problem };
    }
    for (const part of [body, subject]) {
      if (part !== undefined && 'problem' in part) {
        return { outcome: 'failed', status: 'template', problem: part.problem };
      }
    }
    return {
      body: 'text' in body ? body.text : '',
      subject: subject !== undefined && 'text' in subject ? subject.text : undefined,
    };
  }
}

/** What is to be done, or what is to be written down because nothing is. */
function planOf(delivery: ClaimedDelivery, configuration: Configuration): Plan | Completion {
  const { id, token, destinationId } = delivery;
  const ended = (state: Completion['state'], pauseSeconds = 0): Completion => ({
    id,
    token,
    destinationId,
    state,
    pauseSeconds,
  });
  const destination = configuration.destinations.get(destinationId);
  const subscription = configuration.subscriptions.get(delivery.subscriptionId);
  const test = isTest(delivery);
  if (destination === undefined || (subscription === undefined && !test)) {
    // It may be newer than what this process has seen.
    return delivery.configurationVersion > configuration.version ? ended('waiting', AGAIN_SECONDS) : ended('cancelled');
  }
  // Disabled between the claim and now: it waits until it is enabled again.
  if (!destination.enabled) return ended('waiting');
  if (delivery.eventText === null) return ended('cancelled');
  return {
    destination,
    attributes: test ? testAttributes(destination) : (subscription?.attributes ?? {}),
    schedule: test ? TEST_SCHEDULE : (destination.retryScheduleSeconds ?? DEFAULT_RETRY_SCHEDULE_SECONDS),
    eventText: delivery.eventText,
  };
}
