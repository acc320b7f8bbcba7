export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Where a driver says what happens; the process's own log stands behind it. */
export type TransportLog = (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** For those who do not listen. */
export const silentLog: TransportLog = () => undefined;
