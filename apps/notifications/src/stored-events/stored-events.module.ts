import { type INestApplication, Module } from '@nestjs/common';
import { EventsClient } from './events-client.js';

/** Access to what the events app has stored. */
@Module({ providers: [EventsClient], exports: [EventsClient] })
export class StoredEventsModule {}

/**
 * Tells the notification app where the events app is, unless its address is configured.
 * @param url without a slash at its end
 */
export function connectEvents(app: INestApplication, url: string): void {
  app.get(EventsClient, { strict: false }).connect(url);
}
