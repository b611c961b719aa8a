/** Says how long a person waits, where there are many users: of interest, and never asserted on. */
export function report(what: string, since: number): void {
  if (process.env["MANY_USERS"] === undefined) return;
  process.stdout.write(`${what}: ${Math.round(performance.now() - since)} ms\n`);
}
