/** A way to have a service. */
export interface Plan {
  readonly id: string;
  /** Whether a deleted instance can be had back for a week. */
  readonly reclaimable: boolean;
}

/** A service that instances can be made of. */
export interface Service {
  /** As it stands in CRNs and actions. */
  readonly name: string;
  readonly title: string;
  readonly resourceId: string;
  readonly plans: readonly Plan[];
}

export const SERVICES: readonly Service[] = [
  {
    name: 'apprapp',
    title: 'App Configuration',
    resourceId: 'apprapp-7fff092e-4b5e-4c7e-83cd-c52c2b155f0f',
    plans: [
      { id: 'apprapp-lite', reclaimable: false },
      { id: 'apprapp-standard', reclaimable: true },
      // Still offered, although its broker has given it up: what goes there fails, as it does with any cloud one day.
      { id: 'apprapp-retired', reclaimable: true },
    ],
  },
  {
    name: 'cloudantnosqldb',
    title: 'Cloudant',
    resourceId: 'cloudantnosqldb-3f4c2a9e-6f1b-4c2e-9d8a-0a7b5c1d2e3f',
    plans: [
      { id: 'cloudant-lite', reclaimable: false },
      { id: 'cloudant-standard', reclaimable: true },
    ],
  },
];

/** Every plan that may be asked for. */
export const PLAN_IDS: readonly string[] = SERVICES.flatMap(({ plans }) => plans.map(({ id }) => id));

/** Whose plan it is. @throws {Error} where nobody has it: bodies are checked before */
export function planNamed(id: string): { readonly service: Service; readonly plan: Plan } {
  for (const service of SERVICES) {
    const plan = service.plans.find((one) => one.id === id);
    if (plan !== undefined) return { service, plan };
  }
  throw new Error(`There is no plan ${id}`);
}
