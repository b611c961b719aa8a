import { InvalidCursorError } from "../sessions/cursor.ts";
import { invalidRequest, type Problem } from "./problem.ts";
import type { Reply } from "./reply.ts";
import { BAD_QUERY } from "./schema.ts";

/** The page that a list's query asks for. */
export function toPageRequest({ limit, cursor }: { limit: string; cursor?: string | undefined }) {
  return { limit: Number(limit), ...(cursor !== undefined && { cursor }) } as const;
}

/** How a reply leads to the page after it, where there is one. */
export const nextPage = ({
  cursor,
}: {
  readonly cursor?: string | undefined;
}): { readonly cursor?: string } => (cursor === undefined ? {} : { cursor });

/** What `list` replies; 400 where the query's cursor is of no page of that list. */
export async function refusingCursors(list: () => Promise<Reply>): Promise<Reply | Problem> {
  try {
    return await list();
  } catch (error) {
    if (!(error instanceof InvalidCursorError)) throw error;
    const detail = "cursor is none that this listing gave; accepted is the cursor of its last page.";
    return invalidRequest(BAD_QUERY, [{ parameter: "cursor", detail }]);
  }
}
