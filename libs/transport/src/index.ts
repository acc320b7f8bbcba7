export {
  type BatchControl,
  type BatchHandler,
  type ConsumeOptions,
  type ConsumerLag,
  type Consumption,
  type HeaderValue,
  type IncomingRecord,
  type OutgoingRecord,
  type PublishOptions,
  type RecordBatch,
  type RecordPlace,
  type RecordPublisher,
  type TopicDescription,
  type TopicFinding,
  type TopicReport,
  type TopicSpec,
  type Transport,
} from './port.js';
export { TRANSPORT_ERRORS, TransportError, type TransportErrorCode, type TransportErrorDetails } from './errors.js';
export { HANDLING_OUTCOMES, SkipRecord, handlingOutcome, type HandlingOutcome } from './handling-outcome.js';
export { HandedBack } from './handed-back.js';
export { prefixed, unprefixed } from './topic-prefix.js';
export { silentLog, type LogLevel, type TransportLog } from './log.js';
export { MemoryTransport } from './memory/memory-transport.js';
export { topicWarnings } from './topic-check.js';
export { KafkaTransport } from './kafka/kafka-transport.js';
export { SASL_MECHANISMS, type KafkaAddress, type KafkaOptions, type SaslMechanism } from './kafka/kafka-options.js';
export { DEFAULT_SEND_LIMITS, type SendLimits } from './send-queue.js';
export {
  isLifecycleTopic,
  lifecycleTopics,
  maxRecordBytes,
  topicSpec,
  type TopicSettings,
} from './lifecycle-topics.js';
export { type EventAttributes } from './cloudevents/attribute-names.js';
export { type DecodedRecord } from './cloudevents/decoded-record.js';
export { encodeEvent } from './cloudevents/event-encoder.js';
export { memberText } from './cloudevents/json-member.js';
export {
  NATIVE_ORIGIN_HEADER,
  PROBLEM_HEADER,
  RAW_NATIVE_HEADER,
  encodeRawNative,
  type RawNative,
} from './cloudevents/native-marks.js';
export { decodeRecord } from './cloudevents/record-decoder.js';
export { decodeStructured } from './cloudevents/structured-decoder.js';
export { JudgedEvent } from './judging/judged-event.js';
export { RecordJudge, type Judgement, type RecordJudgeOptions } from './judging/record-judge.js';
export { type Refusal, type RefusalReason } from './judging/refusal.js';
export { connectKafka } from './nest/connect-kafka.js';
export { BatchContext } from './nest/batch-context.js';
export { HandlerFailureFilter } from './nest/handler-failure.filter.js';
export { LifecycleConsumerServer, type LifecycleConsumerOptions } from './nest/lifecycle-consumer-server.js';
