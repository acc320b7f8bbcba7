import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '@tidings/access';
import type { JsonObject } from '@tidings/catalogue';
import { DomainError, ENVIRONMENT, type Environment, invalidQuery } from '@tidings/runtime';
import { DeliveryCancellation } from '../api/delivery-cancellation.repository.js';
import type { ListPage, ListQuery } from '../api/list.dto.js';
import { hint } from '../api/near-name.js';
import { found } from '../api/resource-id.js';
import { demandFreeName } from '../api/taken-name.repository.js';
import { type ConfigurationChange, ConfigurationChanges } from '../configuration/configuration-changes.store.js';
import type { DestinationType, ReadConfig } from '../destination-types/destination-type.js';
import { DESTINATION_TYPES, destinationType } from '../destination-types/destination-types.js';
import { SecretBox } from '../secrets/secret-box.js';
import type { DestinationChange, DestinationDraft } from './destination.dto.js';
import {
  DestinationRepository,
  type DestinationState,
  type ShownDestination,
  type StoredDestination,
} from './destination.repository.js';
import { configContext, newSigningSecret, SIGNING_GRACE_HOURS, signingContext } from './signing-secret.js';

/** Where events go. */
@Injectable()
export class DestinationService {
  constructor(
    private readonly destinations: DestinationRepository,
    private readonly changes: ConfigurationChanges,
    private readonly box: SecretBox,
    private readonly cancellation: DeliveryCancellation,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async page(instanceId: string, slice: ListQuery): Promise<ListPage<StoredDestination>> {
    return this.destinations.page(instanceId, slice);
  }

  async find(instanceId: string, id: string): Promise<ShownDestination> {
    return this.shown(found(await this.destinations.find(instanceId, id)));
  }

  async create(instanceId: string, draft: DestinationDraft, caller: Principal): Promise<ShownDestination> {
    const type = knownType(draft.type);
    const kept = type.readConfig(draft.config.params, undefined, this.environment.kafka.prefix);
    return this.changes.make(caller, async ({ client, audit }) => {
      const id = randomUUID();
      const { name, description, collect_failed_events, enabled } = draft;
      await demandFreeName(client, 'destination', instanceId, name);
      await this.destinations.insert(
        client,
        instanceId,
        { id, type: type.name },
        {
          name,
          description,
          collect_failed_events,
          ...this.sealed(id, kept),
          retry_schedule_seconds: draft.retry_schedule ?? null,
          enabled,
          disabled_reason: enabled ? null : disabledBy(caller),
        },
      );
      const made = this.shown(found(await this.destinations.find(instanceId, id, client)));
      await audit({
        action: 'destination.create',
        subject: `destination:${id}`,
        after: auditView(instanceId, made),
      });
      return made;
    });
  }

  /** What the members leave out stays as it is. */
  async change(
    instanceId: string,
    id: string,
    members: DestinationChange,
    caller: Principal,
  ): Promise<ShownDestination> {
    return this.changes.make(caller, async ({ client, audit }) => {
      const before = this.shown(found(await this.destinations.find(instanceId, id, client)));
      if ((members.type ?? before.type) !== before.type) {
        throw invalidQuery({ type: [`is ${before.type} and cannot be changed; make another destination`] });
      }
      const name = members.name ?? before.name;
      await demandFreeName(client, 'destination', instanceId, name, id);
      await this.destinations.update(client, id, this.changedState(before, { ...members, name }, caller));
      if (!before.enabled && members.enabled === true) await this.destinations.forgetFailures(client, id);
      const after = this.shown(found(await this.destinations.find(instanceId, id, client)));
      await audit({
        action: actionOf(before.enabled, after.enabled),
        subject: `destination:${id}`,
        before: auditView(instanceId, before),
        after: {
          ...auditView(instanceId, after),
          // A secret is never told, and that it is another one always.
          ...(members.config?.params !== undefined && { config_replaced: true }),
        },
      });
      return after;
    });
  }

  /** Its subscriptions go with it. */
  async remove(instanceId: string, id: string, caller: Principal): Promise<void> {
    await this.changes.make(caller, async ({ client, audit }) => {
      const before = this.shown(found(await this.destinations.find(instanceId, id, client)));
      await this.destinations.remove(client, id);
      await audit({
        action: 'destination.delete',
        subject: `destination:${id}`,
        before: auditView(instanceId, before),
      });
    });
    await this.cancellation.ofDestination(id);
  }

  /** Makes a new signing secret; the former one stays valid for a day. @returns the secret, which nobody can read again */
  async renewSigningSecret(instanceId: string, id: string, caller: Principal): Promise<string> {
    return this.changes.make(caller, async (change) => {
      const { has_signing_secret } = found(await this.destinations.find(instanceId, id, change.client));
      return this.putSigningSecret(change, instanceId, id, has_signing_secret);
    });
  }

  /** Makes the first signing secret within another change. @returns undefined where there is one already */
  async firstSigningSecret(change: ConfigurationChange, instanceId: string, id: string): Promise<string | undefined> {
    const { has_signing_secret } = found(await this.destinations.find(instanceId, id, change.client));
    return has_signing_secret ? undefined : this.putSigningSecret(change, instanceId, id, false);
  }

  private async putSigningSecret(
    { client, audit }: ConfigurationChange,
    instanceId: string,
    id: string,
    replaces: boolean,
  ): Promise<string> {
    const secret = newSigningSecret();
    const sealed = this.box.seal(secret, signingContext(id));
    await this.destinations.putSigningSecret(client, id, sealed, SIGNING_GRACE_HOURS);
    await audit({
      action: 'destination.signing_secret',
      subject: `destination:${id}`,
      before: { instance_id: instanceId, has_signing_secret: replaces },
      after: { instance_id: instanceId, has_signing_secret: true },
    });
    return secret;
  }

  private changedState(before: StoredDestination, members: DestinationChange, caller: Principal): DestinationState {
    const { name = before.name, description = before.description, enabled = before.enabled } = members;
    const kept =
      members.config?.params === undefined
        ? { config: before.config, secrets: before.secrets }
        : this.sealed(
            before.id,
            knownType(before.type).readConfig(
              members.config.params,
              this.opened(before),
              this.environment.kafka.prefix,
            ),
          );
    return {
      name,
      description,
      collect_failed_events: members.collect_failed_events ?? before.collect_failed_events,
      ...kept,
      retry_schedule_seconds:
        members.retry_schedule === undefined ? before.retry_schedule_seconds : members.retry_schedule,
      enabled,
      disabled_reason: enabled ? null : (before.disabled_reason ?? disabledBy(caller)),
    };
  }

  private shown(destination: StoredDestination): ShownDestination {
    const type = destinationType(destination.type);
    // A release without a type still shows that there is a destination of it.
    return { ...destination, params: type?.viewConfig(this.opened(destination)) ?? {} };
  }

  private sealed(id: string, { config, secrets }: ReadConfig): Pick<DestinationState, 'config' | 'secrets'> {
    return {
      config,
      secrets: secrets === undefined ? null : this.box.seal(JSON.stringify(secrets), configContext(id)),
    };
  }

  private opened({ id, config, secrets }: StoredDestination): ReadConfig {
    return {
      config,
      secrets: secrets === null ? undefined : (JSON.parse(this.box.open(secrets, configContext(id))) as JsonObject),
    };
  }
}

function knownType(name: string): DestinationType {
  const type = destinationType(name);
  if (type !== undefined) return type;
  const names = DESTINATION_TYPES.map((one) => one.name);
  throw invalidQuery({
    type: [
      `"${name.slice(0, 100)}" is no kind of destination here; ${hint(name, names)}. There are ${names.join(', ')}`,
    ],
  });
}

function disabledBy({ name }: Principal): string {
  return `Disabled by ${name}`;
}

function actionOf(was: boolean, is: boolean): string {
  if (was === is) return 'destination.update';
  return is ? 'destination.enable' : 'destination.disable';
}

function auditView(instanceId: string, destination: ShownDestination): object {
  const { name, type, description, collect_failed_events, params, retry_schedule_seconds, enabled } = destination;
  return {
    instance_id: instanceId,
    name,
    type,
    description,
    collect_failed_events,
    config: { params },
    retry_schedule: retry_schedule_seconds,
    enabled,
  };
}

/** @throws {DomainError} `conflict` where it is disabled */
export function demandEnabled({ enabled, disabled_reason }: StoredDestination): void {
  if (enabled) return;
  const why = disabled_reason === null ? '' : `: ${disabled_reason}`;
  const reason = `The destination is disabled${why}. Enable it first, by POST …/enable or PATCH with {"enabled": true}.`;
  throw new DomainError('conflict', { reason });
}
