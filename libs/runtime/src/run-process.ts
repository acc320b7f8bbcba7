import { existsSync } from 'node:fs';
import { Logger, type LoggerService } from '@nestjs/common';
import { type Environment, parseEnvironment } from './environment.js';
import { createLog } from './process-log.js';
import { StartError } from '@tidings/settings';

/** From the signal to the end, milliseconds; what has not closed by then is left to the operating system. */
const CLOSING_BOUND_MS = 9_500;

/**
 * Signals closer together than this are one, milliseconds: under npm, Ctrl-C arrives twice, from the terminal and passed
 * on by npm itself.
 */
const SAME_SIGNAL_MS = 500;

/** What a process is given to start with. */
export interface ProcessContext {
  readonly environment: Environment;
  readonly logger: LoggerService;
  /** Aborted when the process is stopped while it still starts. */
  readonly signal: AbortSignal;
  /** Ends the process in order, with exit code 1: for a consumer that cannot go on, or a watchdog. */
  readonly fail: (error: Error) => void;
}

/** What a started process has to close. */
export interface RunningProcess {
  close(): Promise<void>;
}

/** The parts of Node's `process` that are used here. */
export interface ProcessHost {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stderr: { write(text: string): unknown };
  readonly stdout?: { on(event: 'error', listener: () => void): unknown };
  on(event: string, listener: (argument: unknown) => void): unknown;
  exit(code: number): void;
}

/**
 * What every `main.ts` calls. Parses the environment (after `.env` of the working directory, which never wins over it),
 * starts, and stops in order on SIGINT, SIGTERM or SIGHUP: exit code 0 when everything closed within 10 s. A second signal ends
 * the process at once. Problems with the environment or the start are printed in one line each on stderr, exit code 1.
 * @param name the process, for the log
 * @param start resolves when the process is ready
 */
export function runProcess(
  name: string,
  start: (context: ProcessContext) => Promise<RunningProcess>,
  host: ProcessHost = process,
): void {
  if (host === process && existsSync('.env')) process.loadEnvFile('.env');
  const environment = readEnvironment(host);
  if (environment === undefined) {
    host.exit(1);
    return;
  }
  const logger = createLog(name, environment.logLevel);
  Logger.overrideLogger(logger);
  for (const warning of environment.warnings) logger.warn(warning);

  const abort = new AbortController();
  let stopping = false;
  const stop = (exitCode: number): void => {
    if (stopping) return;
    stopping = true;
    abort.abort();
    setTimeout(() => {
      logger.error('Not everything closed in time');
      host.exit(1);
    }, CLOSING_BOUND_MS).unref();
    started
      .then((running) => running?.close())
      .then(
        () => host.exit(exitCode),
        (error: unknown) => {
          logger.error('Closing failed', stackOf(error));
          host.exit(1);
        },
      );
  };
  const fail = (error: unknown): void => {
    logger.fatal?.(error instanceof Error ? error.message : String(error), stackOf(error));
    stop(1);
  };
  let signalledAt = -Infinity;
  const onSignal = (): void => {
    const repeated = performance.now() - signalledAt < SAME_SIGNAL_MS;
    signalledAt = performance.now();
    if (!stopping) stop(0);
    else if (!repeated) host.exit(130);
  };
  // SIGHUP: the terminal was closed.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) host.on(signal, onSignal);
  // Whoever reads the log is gone (`| head`): it stops in order, rather than die of the next line.
  host.stdout?.on('error', () => stop(0));
  host.on('uncaughtException', fail);
  host.on('unhandledRejection', fail);

  // Later in the queue than this function's end, so that `started` exists whatever `start` does.
  const started: Promise<RunningProcess | undefined> = Promise.resolve()
    .then(() => start({ environment, logger, signal: abort.signal, fail }))
    .catch((error: unknown) => {
      if (abort.signal.aborted) return undefined;
      if (error instanceof StartError) host.stderr.write(`${error.message}\n`);
      else logger.fatal?.('The start failed', stackOf(error));
      host.exit(1);
      return undefined;
    });
}

function readEnvironment(host: ProcessHost): Environment | undefined {
  try {
    return parseEnvironment(host.env);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    host.stderr.write(`${error.message}\n`);
    return undefined;
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
