export { ResourceControllerModule } from './resource-controller.module.js';
