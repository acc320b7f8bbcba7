export { BLOCKED_NETWORKS } from './blocked-networks.js';
export { dialGuarded, type Dialling } from './guarded-socket.js';
export {
  type OutboundAnswer,
  OutboundClient,
  type OutboundClientOptions,
  type OutboundRequest,
} from './outbound-client.js';
export { UnreadableAnswer } from './unreadable-answer.js';
export { type AddressLookup, OutboundGuard } from './outbound-guard.js';
export { OutboundRefused } from './outbound-refused.js';
