export {
  API_OPERATIONS,
  type ApiContent,
  type ApiHeader,
  type ApiParameter,
  type DescribesQuery,
  type Operation,
  type Operations,
  type Schema,
} from './operation.js';
export { OpenApiModule } from './openapi-module.js';
