import { Catalogue } from '../catalogue.js';
import type { PayloadsOf } from '../definition.js';
import { api } from './api/system.js';
import { cds } from './cds/system.js';
import { ibm } from './ibm/system.js';
import { lxd } from './lxd/system.js';
import { tidings } from './tidings/system.js';
import { waldur } from './waldur/system.js';

/** Every system that comes with Tidings. Adding one is its folder and its line here. */
export const systems = [waldur, lxd, cds, ibm, api, tidings] as const;

/** The types of all systems that come with Tidings. */
export const catalogue = new Catalogue(systems);

/**
 * Which systems the types below speak of, by name. Another team's package adds its own, and what imports that package
 * publishes and reads its types as it does those of Tidings:
 *
 *     declare module '@tidings/catalogue' {
 *       interface DeclaredSystems { shop: typeof shop }
 *     }
 */
export interface DeclaredSystems {
  waldur: typeof waldur;
  lxd: typeof lxd;
  cds: typeof cds;
  ibm: typeof ibm;
  api: typeof api;
  tidings: typeof tidings;
}

/** `A | B` → `A & B`: the types of each system, put together. */
type Together<Union> = (Union extends unknown ? (member: Union) => void : never) extends (member: infer Whole) => void
  ? Whole
  : never;

/** The payload of every declared event type, by its full name. */
export type Payloads = Together<PayloadsOf<DeclaredSystems[keyof DeclaredSystems]>>;

/** The full name of a declared event type. */
export type EventTypeName = keyof Payloads;

/** The payload of a declared event type. */
export type PayloadOf<Type extends EventTypeName> = Payloads[Type];
