import type { StreamEnd } from './live-events.js';

/** How the end of a stream is told: a WebSocket's close code, and a line for people. */
export interface ToldEnd {
  readonly closeCode: number;
  /** At most 123 bytes, which is what a close frame holds. */
  readonly detail: string;
}

export const STREAM_ENDS: Readonly<Record<StreamEnd, ToldEnd>> = {
  slow: {
    closeCode: 1013,
    detail: 'You read more slowly than events arrive. Resume from the last one that you have.',
  },
  revoked: { closeCode: 4401, detail: 'The token was revoked.' },
  expired: { closeCode: 4401, detail: 'The token has expired.' },
  'shutting-down': {
    closeCode: 1001,
    detail: 'The server is shutting down. Resume from the last event that you have.',
  },
  unavailable: {
    closeCode: 1011,
    detail: 'The store cannot be read. Resume later from the last event that you have.',
  },
};
