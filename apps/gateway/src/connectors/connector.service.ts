import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '@tidings/access';
import { DomainError } from '@tidings/runtime';
import { ConnectorFleet } from './connector-fleet.js';
import type { ConnectorSettings } from './connector-settings.js';
import { type Connector, connectorView } from './connector.dto.js';
import { ConnectorRepository } from './connector.repository.js';

/** The injection token of the configured connectors. */
export const CONNECTORS = Symbol('Connectors');

/** Shows connectors, and pauses them. */
@Injectable()
export class ConnectorService {
  constructor(
    @Inject(CONNECTORS) private readonly connectors: readonly ConnectorSettings[],
    @Inject(ConnectorRepository) private readonly repository: ConnectorRepository,
    @Inject(ConnectorFleet) private readonly fleet: ConnectorFleet,
  ) {}

  /** All that are configured, in the file's order. */
  async list(): Promise<readonly Connector[]> {
    return this.connectors.length === 0 ? [] : this.views(this.connectors);
  }

  /** @throws {DomainError} `not_found` */
  async find(name: string): Promise<Connector> {
    const [view] = await this.views([this.named(name)]);
    if (view === undefined) throw new DomainError('not_found');
    return view;
  }

  /** @returns as it is then; other processes follow within a second. @throws {DomainError} `not_found` */
  async setPaused(name: string, isPaused: boolean, caller: Principal): Promise<Connector> {
    await this.repository.setPaused(this.named(name).name, isPaused, caller);
    await this.fleet.lookAround();
    return this.find(name);
  }

  private named(name: string): ConnectorSettings {
    const settings = this.connectors.find((one) => one.name === name);
    if (settings === undefined) throw new DomainError('not_found');
    return settings;
  }

  private async views(connectors: readonly ConnectorSettings[]): Promise<readonly Connector[]> {
    const records = await this.repository.records(connectors.map(({ name }) => name));
    const now = Date.now();
    return connectors.map((one) =>
      connectorView(
        one,
        records.find(({ name }) => name === one.name),
        now,
      ),
    );
  }
}
