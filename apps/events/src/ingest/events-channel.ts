/** The PostgreSQL channel on which each commit that stored an event is told, without a payload. */
export const EVENTS_CHANNEL = 'tidings_events';
