import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { eventUuid, formatTime, identityKey, nowMicros } from '@tidings/catalogue';
import { v7 as newId } from 'uuid';
import { CONFIGURATION, type ConfigurationSource } from '../configuration/configuration.js';
import { DestinationTestRepository } from './destination-test.repository.js';

const TYPE = 'io.tidings.api.notification';

/** Sends an event that was made up to a destination, to see whether it arrives. */
@Injectable()
export class DestinationTest {
  constructor(
    private readonly tests: DestinationTestRepository,
    @Inject(CONFIGURATION) private readonly configuration: ConfigurationSource,
  ) {}

  /** @returns the notification's id, by which its status can be asked for */
  async start(instanceId: string, destination: { readonly id: string; readonly name: string }): Promise<string> {
    const notificationId = newId();
    const source = `/api/${instanceId}/test`;
    const micros = nowMicros();
    const id = randomUUID();
    const key = identityKey(source, id);
    const time = formatTime(micros);
    const body = JSON.stringify({
      specversion: '1.0',
      id,
      source,
      type: TYPE,
      subject: destination.id,
      time,
      datacontenttype: 'application/json',
      data: { id: destination.id, message: `A test of the destination ${destination.name}.`, severity: 'info' },
    });
    const event = { key, id: eventUuid(micros, key), type: TYPE, source, subject: destination.id, time, body };
    await this.tests.insert(event, {
      instanceId,
      destinationId: destination.id,
      notificationId,
      configurationVersion: this.configuration.current().version,
    });
    return notificationId;
  }
}
