export { AccessModule } from './access-module.js';
export { OperationsModule } from './operations-module.js';
export { type DeclaredRoute, declaredRoutes } from './declared-access.js';
export { type Permission, PERMISSIONS } from './permissions.js';
export type { Principal } from './principal.js';
export { Public, Requires, type RouteAccess } from './route-access.js';
export { TokenStore } from './token-store.js';
