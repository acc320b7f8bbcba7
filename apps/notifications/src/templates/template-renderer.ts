import { hash } from 'node:crypto';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { type Escaping, type RenderAnswer, renderLoop, type RenderRequest } from './render-loop.js';

/** What bounds a template, whoever wrote it. */
export const RENDERING = {
  /** How long one event may take, milliseconds; by the clock on the wall, and so generous to a busy machine. */
  deadlineMs: 1_000,
  /** Characters. */
  maxLength: 1_048_576,
  /** Of a renderer's thread, megabytes. */
  memoryMb: 128,
  /** How long a template that had to be ended is not tried again, milliseconds. */
  penaltyMs: 60_000,
} as const;

/** What a template made of an event, or why it made nothing. */
export type Rendering = { readonly text: string } | { readonly problem: string };

interface Job {
  readonly request: RenderRequest;
  readonly template: string;
  readonly resolve: (rendering: Rendering) => void;
}

// Resolved here, because the thread's own program is no file.
const load = createRequire(import.meta.url);
const PROGRAM = `
  const { createRequire } = require('node:module');
  const { parentPort, workerData } = require('node:worker_threads');
  (${renderLoop.toString()})(createRequire(workerData), parentPort);`;

/**
 * Renders templates in a thread of its own, one event after another. Handlebars has loops within loops and knows no limit;
 * so a template that takes too long or too much memory is ended with its thread, and another thread goes on with the rest.
 * The thread gets nothing but the template and the event.
 */
export class TemplateRenderer {
  private readonly queue: Job[] = [];
  private readonly penalties = new Map<string, number>();
  private worker: Worker | undefined;
  private current: Job | undefined;
  private timer: NodeJS.Timeout | undefined;
  private nextId = 0;
  private isReady = false;

  /** Never rejects. @param source Handlebars */
  async render(source: string, escaping: Escaping, eventText: string): Promise<Rendering> {
    const template = hash('sha256', source, 'hex');
    const penalty = this.penaltyOf(template);
    if (penalty !== undefined) return penalty;
    return new Promise((resolve) => {
      const request = { id: this.nextId++, source, escaping, eventText, maxLength: RENDERING.maxLength };
      this.queue.push({ request, template, resolve });
      this.next();
    });
  }

  async close(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    this.end({ problem: 'The process stops.' });
    for (const { resolve } of this.queue.splice(0)) resolve({ problem: 'The process stops.' });
    await worker?.terminate();
  }

  private next(): void {
    if (this.current !== undefined) return;
    const job = this.queue.shift();
    if (job === undefined) return;
    const penalty = this.penaltyOf(job.template);
    if (penalty !== undefined) {
      job.resolve(penalty);
      this.next();
      return;
    }
    this.current = job;
    this.worker ??= this.start();
    this.worker.postMessage(job.request);
    if (this.isReady) this.arm();
  }

  private start(): Worker {
    const worker = new Worker(PROGRAM, {
      eval: true,
      workerData: load.resolve('handlebars'),
      env: {},
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: RENDERING.memoryMb, stackSizeMb: 4 },
    });
    worker.unref();
    this.isReady = false;
    worker.on('message', (answer: RenderAnswer) => {
      if (worker !== this.worker) return;
      if ('isReady' in answer) {
        // Its start did not count.
        this.isReady = true;
        if (this.current !== undefined) this.arm();
        return;
      }
      if (answer.id !== this.current?.request.id) return;
      this.end('text' in answer ? { text: answer.text } : { problem: answer.problem });
      this.next();
    });
    worker.on('error', () => this.replace(worker, 'takes more memory than it may'));
    worker.on('exit', () => this.replace(worker, 'ended its renderer'));
    return worker;
  }

  private arm(): void {
    clearTimeout(this.timer);
    const { worker } = this;
    this.timer = setTimeout(() => worker && this.replace(worker, 'takes too long'), RENDERING.deadlineMs).unref();
  }

  /** Ends a thread, and with it what it was at. */
  private replace(worker: Worker, reason: string): void {
    if (worker !== this.worker) return;
    this.worker = undefined;
    void worker.terminate();
    const problem = `The template ${reason}; it is not tried again for a minute.`;
    if (this.current !== undefined) {
      this.penalties.set(this.current.template, performance.now() + RENDERING.penaltyMs);
      this.end({ problem });
    }
    this.next();
  }

  private end(rendering: Rendering): void {
    clearTimeout(this.timer);
    const job = this.current;
    this.current = undefined;
    job?.resolve(rendering);
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
