import { Injectable } from '@nestjs/common';

/** What a check finds: nothing wrong, or a reason for people, without secrets. */
export type ReadinessFinding = { readonly up: true } | { readonly up: false; readonly reason: string };

export type ReadinessCheck = () => ReadinessFinding | Promise<ReadinessFinding>;

/** Where modules say what has to be well before this process may be sent work. */
@Injectable()
export class Readiness {
  private readonly checks = new Map<string, ReadinessCheck>();

  /**
   * @param name what is checked, shown in `/health/ready`
   * @param check called for every request of `/health/ready`; taken as down when it throws or takes longer than 2 s
   * @throws {Error} when the name is taken
   */
  register(name: string, check: ReadinessCheck): void {
    if (this.checks.has(name)) throw new Error(`A readiness check named ${name} is registered already`);
    this.checks.set(name, check);
  }

  entries(): ReadonlyMap<string, ReadinessCheck> {
    return this.checks;
  }
}
