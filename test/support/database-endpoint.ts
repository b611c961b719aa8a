/** Kept beside the modules, which tests load anew. */
const PLACE = Symbol.for("single-session.database-endpoint");
const place = globalThis as { [PLACE]?: string };

/** The database of this process, in which each test file makes tables of its own. */
export function testDatabaseEndpoint(): string {
  const endpoint = place[PLACE];
  if (endpoint === undefined) throw new Error("no database was asked for");
  return endpoint;
}

/** Before the tests of a file. @param url of the run's databases. */
export async function askForDatabase(url: string): Promise<void> {
  const response = await fetch(`${url}/${process.env["VITEST_POOL_ID"] ?? 0}`);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  place[PLACE] = text;
}
