/** Kept beside the modules, which tests load anew. */
const PLACE = Symbol.for("single-session.database-endpoint");
interface Place {
  readonly url: string;
  readonly endpoint: string;
  isLeft: boolean;
}
const place = globalThis as { [PLACE]?: Place };

/** The database of this process, in which each test file makes tables of its own. */
export function testDatabaseEndpoint(): string {
  const mine = place[PLACE];
  if (mine === undefined) throw new Error("no database was asked for");
  return mine.endpoint;
}

/** Before the tests of a file. @param url of the run's databases. */
export async function askForDatabase(url: string): Promise<void> {
  const mine = `${url}/${process.env["VITEST_POOL_ID"] ?? 0}`;
  const response = await fetch(mine);
  const endpoint = await response.text();
  if (!response.ok) throw new Error(endpoint);
  place[PLACE] = { url: mine, endpoint, isLeft: false };
}

/** Says that this file writes so much that the next one of this process is to have a new database. */
export function leaveDatabase(): void {
  if (place[PLACE] !== undefined) place[PLACE].isLeft = true;
}

/** After the tests of a file. @returns whether the database is gone. */
export async function endDatabaseIfLeft(): Promise<boolean> {
  const mine = place[PLACE];
  if (mine?.isLeft !== true) return false;
  await fetch(mine.url, { method: "DELETE" });
  return true;
}
