export { Catalogue } from './catalogue.js';
export {
  CATALOGUE_CHANGES,
  isBreaking,
  type Breaks,
  type CatalogueChange,
  type CatalogueChangeCode,
} from './evolution/catalogue-change.js';
export { catalogueChanges } from './evolution/catalogue-changes.js';
export {
  catalogueSnapshot,
  snapshotProblem,
  snapshotText,
  type CatalogueSnapshot,
} from './evolution/catalogue-snapshot.js';
export { type EventReader } from './event-reader.js';
export { domainTopic, uncataloguedTopic, type EventType } from './event-type.js';
export { CATALOGUE_ERRORS, CatalogueError, type CatalogueErrorCode } from './catalogue-error.js';
export {
  FACETS,
  OUTCOMES,
  SCOPE_ROLES,
  event,
  system,
  type EventDefinition,
  type EventRows,
  type Facet,
  type FieldPaths,
  type NativeFormat,
  type NativeReading,
  type NativeRejection,
  type Outcome,
  type PayloadClass,
  type PayloadsOf,
  type ScopeRole,
  type SystemDefinition,
} from './definition.js';
export {
  ARRIVAL_TIME_EXTENSION,
  DEFAULT_MAX_EVENT_BYTES,
  type EventAttributes,
  type LifecycleEvent,
  type Problem,
  problemText,
} from './envelope.js';
export {
  contentId,
  eventUuid,
  firstUuidAt,
  hyphenated,
  identityKey,
  parseUuid,
  scopeKey,
  timeOfUuid,
} from './identity.js';
export {
  isAttributeText,
  readAttributes,
  type AttributeReading,
  type GivenAttribute,
  type SaidAttributes,
} from './context-attributes.js';
export {
  canonicalJson,
  compareNumbers,
  ExactNumber,
  exactNumber,
  isJsonObject,
  parseJson,
  stringifyJson,
  withExactNumbers,
  type JsonObject,
  type ParsedJson,
} from './json.js';
export { RULE_LIMITS, TEMPLATE_LIMITS } from './limits.js';
export { isNestedDeeper } from './json-depth.js';
export { HOPS_EXTENSION, HOPS_HEADER, hopsOf } from './hops.js';
export {
  DELIVERY_LIMITS,
  EVENT_LIMITS,
  HTTP_LIMITS,
  INTAKE_LIMITS,
  type Limit,
  QUERY_LIMITS,
  RECORD_LIMITS,
  STORE_LIMITS,
  STREAM_LIMITS,
} from './limits.js';
export { isJsonMediaType, isUtf8Charset, parseMediaType, type MediaType } from './media-type.js';
export { notesOf } from './native-notes.js';
export { readNativeEvent } from './native-reading.js';
export { dataschemaOf } from './published-schema.js';
export { type JsonSchema } from './schema.js';
export { DEFAULT_SITE, nativeSource, SITE_PATTERN, siteOf, siteProblem, systemOfSource } from './source.js';
export {
  catalogue,
  systems,
  type DeclaredSystems,
  type EventTypeName,
  type PayloadOf,
  type Payloads,
} from './systems/index.js';
export { waldurScopeTypes } from './systems/waldur/scope-types.js';
export { formatTime, nowMicros, parseTime } from './time.js';
