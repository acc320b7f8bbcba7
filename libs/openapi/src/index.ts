export {
  ApiCountedResponse,
  ApiPageResponse,
  jsonAnswer,
  listAnswer,
  NUMBER_PATTERN,
  UUID_PATTERN,
} from './described-answers.js';
export { htmlPage, PAGE_HEADERS, prose, text } from './html-page.js';
export {
  API_OPERATIONS,
  type ApiAnswer,
  type ApiParameter,
  type Operation,
  type Operations,
  type Schema,
} from './operation.js';
export { API_VERSION } from './document.js';
export { OpenApiModule } from './openapi-module.js';
export {
  AnyField,
  ChoiceField,
  ClassSchema,
  type FieldOptions,
  FlagField,
  IntegerField,
  JsonObjectField,
  NestedField,
  NestedListField,
  OptionalBody,
  Satisfies,
  TextField,
  TextListField,
  TimeField,
  UnsupportedField,
} from './fields.js';
export { RequestPipe, type RequestPolicy } from './request-pipe.js';
export { AlsoHead, CheckedRequests, Fails, ReadBody } from './route.js';
