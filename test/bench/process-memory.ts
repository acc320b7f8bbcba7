import { readFileSync } from 'node:fs';

/** The kernel's own record of the largest resident set; only Linux keeps one. */
export function peakMegabytes(pid: number): number {
  return megabytes(pid, 'VmHWM');
}

export function residentMegabytes(pid: number): number {
  return megabytes(pid, 'VmRSS');
}

function megabytes(pid: number, name: string): number {
  const match = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1]) / 1024;
}
