export { OutboundGuard } from './outbound-guard.js';
