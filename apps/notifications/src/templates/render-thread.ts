import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { TEMPLATE_LIMITS } from '@tidings/catalogue';
import { type RenderAnswer, renderLoop, type RenderRequest } from './render-loop.js';

/** How a rendering ended: with an answer, or with the end of its thread. */
export type RenderingEnd = { readonly text: string } | { readonly problem: string } | { readonly ended: string };

// Resolved here, because the thread's own program is no file.
const load = createRequire(import.meta.url);
const PROGRAM = `
  const { createRequire } = require('node:module');
  const { parentPort, workerData } = require('node:worker_threads');
  (${renderLoop.toString()})(createRequire(workerData), parentPort);`;

interface Rendering {
  readonly request: RenderRequest;
  readonly resolve: (end: RenderingEnd) => void;
}

/** A thread that renders one template at a time. It is started when it is needed, and anew after each that was ended. */
export class RenderThread {
  private worker: Worker | undefined;
  private current: Rendering | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isReady = false;

  get isBusy(): boolean {
    return this.current !== undefined;
  }

  /** Never rejects. */
  async render(request: RenderRequest): Promise<RenderingEnd> {
    return new Promise((resolve) => {
      this.current = { request, resolve };
      this.worker ??= this.start();
      this.worker.postMessage(request);
      if (this.isReady) this.arm();
    });
  }

  async close(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    this.end({ ended: 'was given up' });
    await worker?.terminate();
  }

  private start(): Worker {
    const worker = new Worker(PROGRAM, {
      eval: true,
      workerData: load.resolve('handlebars'),
      env: {},
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: TEMPLATE_LIMITS.memoryMb.value, stackSizeMb: 4 },
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
    });
    worker.on('error', () => this.discard(worker, 'takes more memory than it may'));
    worker.on('exit', () => this.discard(worker, 'ended its renderer'));
    return worker;
  }

  private arm(): void {
    clearTimeout(this.timer);
    const { worker } = this;
    this.timer = setTimeout(() => worker && this.discard(worker, 'takes too long'), TEMPLATE_LIMITS.time.value).unref();
  }

  /** Ends a thread, and with it what it was at. */
  private discard(worker: Worker, reason: string): void {
    if (worker !== this.worker) return;
    this.worker = undefined;
    void worker.terminate();
    this.end({ ended: reason });
  }

  private end(end: RenderingEnd): void {
    clearTimeout(this.timer);
    const rendering = this.current;
    this.current = undefined;
    rendering?.resolve(end);
  }
}
