export { cleanVariables } from './clean-variables.js';
export { configuredBrokers } from './configured-brokers.js';
export {
  kafkaContradictions,
  type KafkaSettings,
  kafkaSettings,
  parseKafkaSettings,
  type TlsSettings,
} from './kafka-settings.js';
export { KAFKA_VARIABLES } from './kafka-variables.js';
export { EnvironmentError, StartError } from './start-errors.js';
export { listItems, oneOf, pemFile, text, textFile, wholeNumber, WrongValue, yesOrNo } from './validators.js';
