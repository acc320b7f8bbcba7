export {
  type ConnectorFile,
  type DatabaseSettings,
  type Environment,
  type LxdApiSettings,
  parseEnvironment,
} from './environment.js';
export { ENVIRONMENT, EnvironmentModule } from './environment-module.js';
export { renderEnvExample } from './env-example.js';
export { APPS, type AppName, LOG_LEVELS, type LogLevelName, type Role, ROLES, VARIABLES } from './variables.js';
export { DomainError, isDomainError, type ErrorCode, type ErrorDetails, ERRORS, invalidQuery } from './errors.js';
// Re-exported, so that a process imports its settings from one place.
export {
  configuredBrokers,
  EnvironmentError,
  type KafkaSettings,
  StartError,
  type TlsSettings,
} from '@tidings/settings';
export { answerError, type ErrorAnswer } from './error-answer.js';
export { ERROR_DIALECT, type ErrorDialect, isAtOrBelow, providedDialects } from './error-dialect.js';
export { ErrorFilter, SAFE_HEADERS } from './error-filter.js';
export { HeldBytes, type HeldShare } from './held-bytes.js';
export { createHttpApplication, HttpApplicationHost, listen } from './http-application.js';
export { StreamedBody } from './request-body.js';
export { requestOrigin } from './request-origin.js';
export { HealthModule } from './health-module.js';
export { Readiness, type ReadinessCheck, type ReadinessFinding } from './readiness.js';
export { Metrics, MetricsModule } from './metrics-module.js';
export { nearestName, unknownNames } from './nearest-name.js';
export { createLog } from './process-log.js';
export { StatusLine, statusLine } from './status-line.js';
export { type ProcessContext, type RunningProcess, runProcess } from './run-process.js';
export { pageCount, type PageRequest } from './page-request.js';
