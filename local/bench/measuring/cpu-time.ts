/** CPU time of this process while `work` runs, microseconds: what others do on the machine counts little. */
export function cpuTimeUs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
