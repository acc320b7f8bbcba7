/** What PostgreSQL notifies of each change of the configuration, with its version. */
export const CONFIGURATION_CHANNEL = 'tidings_configuration';
