import { ConsoleLogger, type ConsoleLoggerOptions, type LoggerService, type LogLevel } from '@nestjs/common';
import { StartError } from '@tidings/settings';
import { LOG_LEVELS, type LogLevelName } from './variables.js';

/**
 * The log of a process: Nest's own, readable on a terminal, JSON lines elsewhere.
 * @param name the process, shown on every line
 * @param level the least that is logged
 */
export function createLog(name: string, level: LogLevelName, terminal = process.stdout.isTTY): LoggerService {
  const logLevels: LogLevel[] = LOG_LEVELS.slice(0, LOG_LEVELS.indexOf(level) + 1);
  return new ProcessLogger(name, { prefix: name, logLevels, json: !terminal });
}

/** Nest tells of every module and every route, one line each: of interest to who looks for a fault, and to nobody else. */
const FRAMEWORK: readonly string[] = [
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'NestMicroservice',
  'RouterExplorer',
  'RoutesResolver',
];

/** Nest leaves the prefix out of its JSON lines; where several processes write to one place, it is needed there most. */
class ProcessLogger extends ConsoleLogger {
  constructor(
    private readonly processName: string,
    options: ConsoleLoggerOptions,
  ) {
    super(options);
  }

  override log(message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    if (typeof context === 'string' && FRAMEWORK.includes(context)) this.debug(message, ...rest);
    else super.log(message, ...rest);
  }

  override error(message: unknown, ...rest: unknown[]): void {
    // Nest logs what a module throws at the start and throws it on: runProcess tells it, once and without a stack.
    if (message instanceof StartError && rest.at(-1) === 'ExceptionHandler') return;
    super.error(message, ...rest);
  }

  protected override getJsonLogObject(...line: Parameters<ConsoleLogger['getJsonLogObject']>) {
    return { process: this.processName, ...super.getJsonLogObject(...line) };
  }
}
