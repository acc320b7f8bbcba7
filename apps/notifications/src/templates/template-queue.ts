/** What waits for its turn. */
export interface Waiting {
  /** Whose it is: of two tenants the one who has used less time comes first. */
  readonly tenant: string;
}

/**
 * Jobs of several tenants, by turns: the tenant who has used the least time so far comes next, with the oldest of its
 * jobs, and none has two jobs under way. So slow jobs of one hold up its own others.
 */
export class TemplateQueue<Job extends Waiting> {
  private readonly waiting = new Map<string, Job[]>();
  private readonly usedMs = new Map<string, number>();
  private readonly running = new Set<string>();

  waitingOf(tenant: string): number {
    return this.waiting.get(tenant)?.length ?? 0;
  }

  add(job: Job): void {
    const jobs = this.waiting.get(job.tenant);
    if (jobs !== undefined) {
      jobs.push(job);
      return;
    }
    // Who comes anew has no claim to the time that it did not use before.
    if (!this.running.has(job.tenant)) {
      this.usedMs.set(job.tenant, Math.max(this.usedMs.get(job.tenant) ?? 0, this.leastUsed()));
    }
    this.waiting.set(job.tenant, [job]);
  }

  /** @returns the next job, which is under way then; undefined: there is none that may begin */
  take(): Job | undefined {
    let next: string | undefined;
    for (const tenant of this.waiting.keys()) {
      if (this.running.has(tenant)) continue;
      if (next === undefined || this.used(tenant) < this.used(next)) next = tenant;
    }
    if (next === undefined) return undefined;
    const jobs = this.waiting.get(next) ?? [];
    const job = jobs.shift();
    if (jobs.length === 0) this.waiting.delete(next);
    this.running.add(next);
    return job;
  }

  done({ tenant }: Job, milliseconds: number): void {
    this.running.delete(tenant);
    this.usedMs.set(tenant, this.used(tenant) + milliseconds);
    if (this.waiting.size === 0 && this.running.size === 0) this.usedMs.clear();
  }

  /** Takes a job out. @returns whether it still waited */
  remove(job: Job): boolean {
    const jobs = this.waiting.get(job.tenant) ?? [];
    const at = jobs.indexOf(job);
    if (at < 0) return false;
    jobs.splice(at, 1);
    if (jobs.length === 0) this.waiting.delete(job.tenant);
    return true;
  }

  /** Takes everything out that waits. */
  clear(): readonly Job[] {
    const jobs = [...this.waiting.values()].flat();
    this.waiting.clear();
    return jobs;
  }

  private used(tenant: string): number {
    return this.usedMs.get(tenant) ?? 0;
  }

  private leastUsed(): number {
    let least = Infinity;
    for (const tenant of [...this.waiting.keys(), ...this.running]) least = Math.min(least, this.used(tenant));
    return least === Infinity ? 0 : least;
  }
}
