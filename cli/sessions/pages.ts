import type { Page, PageRequest } from "../../src/sessions/store.ts";

const LARGEST_PAGE = 100;

/** Reads pages until there are `limit`, or no more. A page may be empty and still not the last one. */
export async function readPages<T>(
  limit: number,
  read: (page: PageRequest) => Promise<Page<T>>,
  onPage: (found: readonly T[]) => void = () => undefined,
): Promise<{ readonly found: readonly T[]; readonly more: boolean }> {
  const found: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await read({
      limit: Math.min(LARGEST_PAGE, limit - found.length),
      ...(cursor !== undefined && { cursor }),
    });
    found.push(...page.items);
    cursor = page.cursor;
    if (cursor !== undefined) onPage(found);
  } while (cursor !== undefined && found.length < limit);
  return { found, more: cursor !== undefined };
}
