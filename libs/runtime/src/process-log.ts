import { ConsoleLogger, type ConsoleLoggerOptions, type LoggerService, type LogLevel } from '@nestjs/common';
import { StartError } from '@tidings/settings';
import { statusLine } from './status-line.js';
import { LOG_LEVELS, type LogLevelName } from './variables.js';

/**
 * The log of a process: for people on a terminal, JSON lines elsewhere. Times are ISO 8601, in UTC.
 * @param name the process, in every JSON line
 * @param level the least that is logged
 */
export function createLog(name: string, level: LogLevelName, terminal = process.stdout.isTTY): LoggerService {
  const logLevels: LogLevel[] = LOG_LEVELS.slice(0, LOG_LEVELS.indexOf(level) + 1);
  return new ProcessLogger(name, { logLevels, json: !terminal });
}

/** Nest logs every module and every route, one line each: for debugging only. */
const FRAMEWORK: readonly string[] = [
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'NestMicroservice',
  'RouterExplorer',
  'RoutesResolver',
];

/** As most programs call them. */
const LEVEL_NAMES: Partial<Record<LogLevel, string>> = { log: 'INFO' };
const LEVEL_WIDTH = 'VERBOSE'.length;

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

  /** Above what says how far the start is. */
  protected override printMessages(...line: Parameters<ConsoleLogger['printMessages']>): void {
    statusLine.above(() => super.printMessages(...line));
  }

  protected override printStackTrace(stack: string): void {
    statusLine.above(() => super.printStackTrace(stack));
  }

  protected override getTimestamp(): string {
    return new Date().toISOString();
  }

  /** Time, level, where from, and a sentence. */
  protected override formatMessage(...line: Parameters<ConsoleLogger['formatMessage']>): string {
    const [level, message, , , context, , params] = line;
    const name = (LEVEL_NAMES[level] ?? level.toUpperCase()).padEnd(LEVEL_WIDTH);
    const more = params === undefined ? '' : ` ${this.stringifyParams(params)}`;
    const text = this.stringifyMessage(message, level);
    return `${this.getTimestamp()} ${this.colorize(name, level)} ${context}${text}${more}\n`;
  }

  /** Nest leaves the process out of its JSON lines; where several processes write to one place, it is needed there most. */
  protected override getJsonLogObject(...line: Parameters<ConsoleLogger['getJsonLogObject']>) {
    const { timestamp, ...rest } = super.getJsonLogObject(...line);
    return { time: new Date(timestamp).toISOString(), process: this.processName, ...rest } as never;
  }
}
