import {
  HatcheryPayload,
  IntegrationModelPayload,
  OrganizationPayload,
  PermissionPayload,
  PluginPayload,
  RegionPayload,
  UserGpgKeyPayload,
  UserPayload,
} from '../payloads.js';
import { familyRows } from '../rows.js';
import { ACTOR } from './examples.js';

/** What belongs to an installation as a whole: no project may see it. */
export const installationEvents = {
  ...familyRows(
    {
      family: 'hatchery',
      title: 'a hatchery',
      payload: HatcheryPayload,
      subject: 'hatchery',
      example: { ...ACTOR, hatchery: 'swarm-1', payload: { name: 'swarm-1' } },
    },
    {
      HatcheryCreated: 'was created',
      HatcheryUpdated: 'was updated',
      HatcheryTokenRegen: 'got a new token',
      HatcheryDeleted: 'was deleted',
    },
  ),
  ...familyRows(
    {
      family: 'integration-model',
      title: 'an integration model',
      payload: IntegrationModelPayload,
      subject: 'integration_model',
      example: { ...ACTOR, integration_model: 'Artifactory', payload: { name: 'Artifactory' } },
    },
    {
      IntegrationModelCreated: 'was created',
      IntegrationModelUpdated: 'was updated',
      IntegrationModelDeleted: 'was deleted',
    },
  ),
  ...familyRows(
    {
      family: 'organization',
      title: 'an organisation',
      payload: OrganizationPayload,
      subject: 'organization',
      example: { ...ACTOR, organization: 'polar', payload: { name: 'polar' } },
    },
    { OrganizationCreated: 'was created', OrganizationDeleted: 'was deleted' },
  ),
  ...familyRows(
    {
      family: 'permission',
      title: 'a permission',
      payload: PermissionPayload,
      subject: 'permission',
      example: { ...ACTOR, permission: 'genome-readers', payload: { name: 'genome-readers' } },
    },
    { PermissionCreated: 'was created', PermissionUpdated: 'was updated', PermissionDeleted: 'was deleted' },
  ),
  ...familyRows(
    {
      family: 'plugin',
      title: 'a plugin',
      payload: PluginPayload,
      subject: 'plugin',
      example: { ...ACTOR, plugin: 'actions/checkout', payload: { name: 'actions/checkout' } },
    },
    { PluginCreated: 'was created', PluginUpdated: 'was updated', PluginDeleted: 'was deleted' },
  ),
  ...familyRows(
    {
      family: 'region',
      title: 'a region',
      payload: RegionPayload,
      subject: 'region',
      example: { ...ACTOR, region: 'north', payload: { name: 'north' } },
    },
    { RegionCreated: 'was created', RegionDeleted: 'was deleted' },
  ),
  ...familyRows(
    {
      family: 'user',
      title: 'a user',
      payload: UserPayload,
      subject: 'user_id',
      name: ['username', 'user_id'],
      example: { ...ACTOR, payload: { ring: 'USER' } },
    },
    { UserCreated: 'was created', UserUpdated: 'was updated', UserDeleted: 'was deleted' },
  ),
  ...familyRows(
    {
      family: 'user-gpg-key',
      title: 'a GPG key',
      payload: UserGpgKeyPayload,
      subject: 'gpg_key',
      example: { ...ACTOR, gpg_key: '3AA5C34371567BD2', payload: { key_id: '3AA5C34371567BD2' } },
    },
    { UserGPGKeyCreated: 'was added', UserGPGKeyDeleted: 'was removed' },
  ),
};
