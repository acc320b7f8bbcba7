import { hash } from 'node:crypto';
import { TEMPLATE_LIMITS } from '@tidings/catalogue';
import { exactPlaces } from './exact-places.js';
import type { Escaping, RenderRequest } from './render-loop.js';
import { RenderThread, type RenderingEnd } from './render-thread.js';
import { TemplateQueue } from './template-queue.js';

/** Threads, so that a slow template of one tenant leaves one to the others. */
const THREADS = 2;
/** Of so many templates it is remembered that they had to be ended. */
const MOST_PENALTIES = 1_000;

/** What is to be rendered. */
export interface RenderOrder {
  /** Whose template it is: tenants take turns. */
  readonly tenant: string;
  /** Handlebars. */
  readonly source: string;
  readonly escaping: Escaping;
  /** The event as JSON. */
  readonly eventText: string;
  /** Aborted when nobody waits for it any more. */
  readonly signal?: AbortSignal;
}

/** What a template made of an event, or why it made nothing. */
export type Rendering = { readonly text: string } | { readonly problem: string };

/** Thrown where nothing was tried: too much waits already, the process stops, or nobody waits any longer. */
export class RenderingPostponed extends Error {
  override readonly name = 'RenderingPostponed';
  readonly retriable = true;
}

interface Job {
  readonly tenant: string;
  readonly request: RenderRequest;
  readonly template: string;
  readonly resolve: (rendering: Rendering) => void;
  readonly reject: (error: RenderingPostponed) => void;
}

/**
 * Renders templates in threads of its own. Handlebars has loops within loops and knows no limit; so a template that takes
 * too long or too much memory is ended with its thread, and another thread goes on with the rest. A thread gets nothing
 * but the template and the event.
 */
export class TemplateRenderer {
  private readonly queue = new TemplateQueue<Job>();
  private readonly penalties = new Map<string, number>();
  private readonly threads: readonly RenderThread[];
  private waitingLength = 0;
  private nextId = 0;
  private isClosed = false;

  constructor() {
    this.threads = Array.from({ length: THREADS }, () => new RenderThread());
  }

  /** @throws {RenderingPostponed} where it was not tried, or its signal is aborted */
  async render({ tenant, source, escaping, eventText, signal }: RenderOrder): Promise<Rendering> {
    const template = hash('sha256', `${tenant}\u0000${source}`, 'hex');
    const penalty = this.penaltyOf(template);
    if (penalty !== undefined) return penalty;
    if (this.isClosed || signal?.aborted === true) throw new RenderingPostponed('the rendering was given up');
    this.demandRoom(tenant, eventText);
    return new Promise((resolve, reject) => {
      const places = exactPlaces(eventText);
      const { output } = TEMPLATE_LIMITS;
      const request = { id: this.nextId++, source, escaping, eventText, exactPlaces: places, maxLength: output.value };
      const job: Job = {
        tenant,
        request,
        template,
        resolve: (rendering) => {
          signal?.removeEventListener('abort', giveUp);
          resolve(rendering);
        },
        reject,
      };
      const giveUp = (): void => {
        if (this.queue.remove(job)) this.waitingLength -= eventText.length;
        reject(new RenderingPostponed('the rendering did not come in time'));
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      this.waitingLength += eventText.length;
      this.queue.add(job);
      this.next();
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const { reject } of this.queue.clear()) reject(new RenderingPostponed('the process stops'));
    await Promise.all(this.threads.map(async (thread) => thread.close()));
  }

  private demandRoom(tenant: string, eventText: string): void {
    const { waiting, waitingLength } = TEMPLATE_LIMITS;
    const isFull =
      this.queue.waitingOf(tenant) >= waiting.value || this.waitingLength + eventText.length > waitingLength.value;
    if (isFull) throw new RenderingPostponed('too many renderings wait already');
  }

  private next(): void {
    for (const thread of this.threads) {
      if (thread.isBusy || this.isClosed) continue;
      const job = this.queue.take();
      if (job === undefined) return;
      this.waitingLength -= job.request.eventText.length;
      void this.run(thread, job);
    }
  }

  private async run(thread: RenderThread, job: Job): Promise<void> {
    const began = performance.now();
    // Awaited either way: thousands of jobs under a penalty must not end each other on one stack.
    const end = await (this.penaltyOf(job.template) ?? thread.render(job.request));
    this.queue.done(job, performance.now() - began);
    this.tell(job, end);
    this.next();
  }

  private tell(job: Job, end: RenderingEnd): void {
    if (!('ended' in end)) job.resolve(end);
    else if (this.isClosed) job.reject(new RenderingPostponed('the process stops'));
    else {
      this.punish(job.template);
      job.resolve({ problem: `The template ${end.ended}; it is not tried again for a minute.` });
    }
  }

  private punish(template: string): void {
    const now = performance.now();
    for (const [other, until] of this.penalties) {
      if (until <= now || this.penalties.size >= MOST_PENALTIES) this.penalties.delete(other);
    }
    this.penalties.set(template, now + TEMPLATE_LIMITS.penalty.value);
  }

  private penaltyOf(template: string): Rendering | undefined {
    const until = this.penalties.get(template);
    if (until === undefined) return undefined;
    if (until > performance.now()) {
      return {
        problem: 'The template took too long or too much memory a moment ago; it is not tried again for a minute.',
      };
    }
    this.penalties.delete(template);
    return undefined;
  }
}
