/** What a broker says: undefined where it has done it, otherwise why not. */
export type BrokerRefusal = string | undefined;

const BROKERED_PLANS: ReadonlySet<string> = new Set([
  ...['apprapp-lite', 'apprapp-standard', 'cloudant-lite', 'cloudant-standard'],
]);
const ROLES: ReadonlySet<string> = new Set(['Reader', 'Writer', 'Manager']);
const CAPACITY = { least: 1, most: 100 } as const;

/**
 * Stands for the services' brokers, which in a cloud are somebody else's programs. What they refuse is the same every time,
 * so that whoever tries the failures out gets them.
 */
export const serviceBroker = {
  provision(planId: string, parameters: object): BrokerRefusal {
    return this.changePlan(planId) ?? this.configure(parameters);
  },

  changePlan(planId: string): BrokerRefusal {
    return BROKERED_PLANS.has(planId) ? undefined : `the service's broker has no plan ${planId}`;
  },

  configure(parameters: object): BrokerRefusal {
    if (!('capacity' in parameters)) return undefined;
    const { capacity } = parameters;
    if (Number.isInteger(capacity) && Number(capacity) >= CAPACITY.least && Number(capacity) <= CAPACITY.most) {
      return undefined;
    }
    return `capacity must be a whole number from ${CAPACITY.least} to ${CAPACITY.most}`;
  },

  deprovision(keys: number, recursive: boolean): BrokerRefusal {
    if (keys === 0 || recursive) return undefined;
    return `${keys} of its keys are in use; delete them first, or all at once with recursive=true`;
  },

  bind(role: string): BrokerRefusal {
    return ROLES.has(role) ? undefined : `the service has no role ${role}; there are ${[...ROLES].join(', ')}`;
  },
};
