export interface KafkaPropertiesInput {
  readonly host: string;
  readonly port: number;
  /** The controller talks to itself here. */
  readonly controllerPort: number;
  readonly dataFolder: string;
  /** Undefined: every account of this machine may read and write everything. */
  readonly login?: KafkaLogin | undefined;
  /** Over ours. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
}

/** The one user of the broker, who may do everything; the broker and its controller are that user to each other, too. */
export interface KafkaLogin {
  readonly username: string;
  /** Of letters that mean nothing to JAAS. */
  readonly password: string;
}

/** The broker's configuration file: one node that is broker and controller, everything replicated once, loopback alone. */
export function kafkaProperties(input: KafkaPropertiesInput): string {
  const { host, port, controllerPort } = input;
  const properties: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@${host}:${controllerPort}`,
    listeners: `BROKER://${host}:${port},CONTROLLER://${host}:${controllerPort}`,
    'advertised.listeners': `BROKER://${host}:${port}`,
    ...securityOf(input.login),
    'inter.broker.listener.name': 'BROKER',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': input.dataFolder,
    // Topics are made on purpose, with their settings: a mistyped name must fail.
    'auto.create.topics.enable': 'false',
    'offsets.topic.replication.factor': '1',
    // 50 by default, each with its files, made when the first group joins: for one node a few will do.
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '4',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    // The first member of a group need not wait for others to come.
    'group.initial.rebalance.delay.ms': '0',
    // Commits wait for others to come along, 5 ms by default; here there are few others, and each batch of a consumer waits.
    'group.coordinator.append.linger.ms': '0',
    // After a crash the controller, which is the same process, keeps the broker out until its former session has run
    // out: 12 s to the open port with the default of 9 s, 5 s with this.
    'broker.session.timeout.ms': '4000',
    'broker.heartbeat.interval.ms': '500',
    // 128 MB by default, allocated at once: half of the heap, to compact the offsets topic.
    'log.cleaner.dedupe.buffer.size': '4194304',
    ...input.settings,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${escaped(value)}\n`)
    .join('');
}

/** Both listeners ask for the login, and what is not allowed is forbidden: TCP on the loopback knows no accounts. */
function securityOf(login: KafkaLogin | undefined): Record<string, string> {
  if (login === undefined) return { 'listener.security.protocol.map': 'BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT' };
  const { username, password } = login;
  const module = 'org.apache.kafka.common.security.plain.PlainLoginModule';
  const jaas = `${module} required username="${username}" password="${password}" user_${username}="${password}";`;
  return {
    'listener.security.protocol.map': 'BROKER:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT',
    'sasl.enabled.mechanisms': 'PLAIN',
    'sasl.mechanism.inter.broker.protocol': 'PLAIN',
    'sasl.mechanism.controller.protocol': 'PLAIN',
    'listener.name.broker.plain.sasl.jaas.config': jaas,
    'listener.name.controller.plain.sasl.jaas.config': jaas,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'allow.everyone.if.no.acl.found': 'false',
    'super.users': `User:${username}`,
  };
}

/** Java reads a backslash as the beginning of an escape, and a value only up to the end of the line. */
function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
