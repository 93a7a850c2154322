import process from "node:process";

/**
 * What something takes of the processor, ms, all threads of this process together, the least of three times: a time by
 * the clock is as long as whatever else the machine has to do.
 */
export function processorMs(does: () => void): number {
  const times = [0, 1, 2].map(() => {
    const before = process.cpuUsage();
    does();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  return Math.min(...times);
}
