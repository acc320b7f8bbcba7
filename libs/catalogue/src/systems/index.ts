import { Catalogue } from '../catalogue.js';
import type { PayloadsOf } from '../definition.js';
import { api } from './api/system.js';
import { tidings } from './tidings/system.js';

/** Every system that comes with Tidings. Adding one is its folder and its line here and below. */
export const systems = [api, tidings] as const;

/** The types of all systems that come with Tidings. */
export const catalogue = new Catalogue(systems);

/** The payload of every declared event type, by its full name. */
export type Payloads = PayloadsOf<typeof api> & PayloadsOf<typeof tidings>;

/** The full name of a declared event type. */
export type EventTypeName = keyof Payloads;

/** The payload of a declared event type. */
export type PayloadOf<Type extends EventTypeName> = Payloads[Type];
