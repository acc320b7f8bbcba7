import type { ScopePattern } from '@tidings/access';
import { parseUuid, siteOf, type Catalogue, type EventReader, type ScopeRole } from '@tidings/catalogue';

/** Tells whether an event belongs to somebody, from its payload. */
type Ownership = (data: unknown) => boolean;

/** What a type and a source alone say: everything, nothing, or that the payload tells. */
export type AudienceVerdict = boolean | Ownership;

/** Types and sources come from outside, so of no more pairs than this the verdict is remembered. */
const MAX_VERDICTS = 2_000;

/**
 * Which events an instance may see, by the scopes that it was made with. For most of them the system and the site decide;
 * the payload is read only where a scope names an owner.
 */
export class InstanceAudience {
  private readonly seesAll: boolean;
  private readonly verdicts = new Map<EventReader, Map<string, AudienceVerdict>>();
  private verdictCount = 0;

  constructor(
    private readonly scopes: readonly ScopePattern[],
    private readonly catalogue: Catalogue,
  ) {
    this.seesAll = scopes.some(({ system }) => system === undefined);
  }

  verdictOn(reader: EventReader, source: string): AudienceVerdict {
    if (this.seesAll) return true;
    const known = this.verdicts.get(reader)?.get(source);
    if (known !== undefined) return known;
    const verdict = this.judge(reader, siteOf(source));
    this.remember(reader, source, verdict);
    return verdict;
  }

  private remember(reader: EventReader, source: string, verdict: AudienceVerdict): void {
    if (this.verdictCount >= MAX_VERDICTS) {
      this.verdicts.clear();
      this.verdictCount = 0;
    }
    this.verdictCount += 1;
    const ofType = this.verdicts.get(reader);
    if (ofType === undefined) this.verdicts.set(reader, new Map([[source, verdict]]));
    else ofType.set(source, verdict);
  }

  private judge(reader: EventReader, site: string): AudienceVerdict {
    const roles = this.catalogue.system(reader.system)?.scopeRoles ?? {};
    const owners: Ownership[] = [];
    for (const scope of this.scopes) {
      if (scope.system !== reader.system || (scope.site !== undefined && scope.site !== site)) continue;
      if (scope.kind === undefined) {
        if (scope.site === undefined || !scope.isWildcard) return true;
        for (const role of new Set(Object.values(roles))) owners.push(belongs(reader, role, undefined));
        continue;
      }
      const role = Object.hasOwn(roles, scope.kind) ? roles[scope.kind] : undefined;
      if (role !== undefined) owners.push(belongs(reader, role, scope.value));
    }
    return owners.length === 0 ? false : (data) => owners.some((owns) => owns(data));
  }
}

/** @param value undefined: to anybody */
function belongs(reader: EventReader, role: ScopeRole, value: string | undefined): Ownership {
  if (value === undefined) return (data) => reader.scopeOf(role, data) !== undefined;
  const wanted = plain(value);
  return (data) => {
    const owner = reader.scopeOf(role, data);
    return owner !== undefined && plain(owner) === wanted;
  };
}

/** Both spellings of a uuid are one value. */
function plain(value: string): string {
  return parseUuid(value) ?? value;
}
