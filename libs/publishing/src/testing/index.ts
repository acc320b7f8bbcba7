export { exampleOf, type Overrides } from './example-payload.js';
export { type RecordedEvent } from './recorded-event.js';
export { type PayloadMatcher } from './payload-match.js';
export { TidingsTestingModule, type TestingModuleBuilderLike } from './tidings-testing.module.js';
