export {
  API_OPERATIONS,
  type ApiAnswer,
  type ApiParameter,
  type DescribesQuery,
  type ErrorShape,
  type Operation,
  type Operations,
  type Schema,
} from './operation.js';
export { OpenApiModule } from './openapi-module.js';
