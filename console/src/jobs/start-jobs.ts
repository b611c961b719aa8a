import { LARGEST_JOB_BYTES, MOST_USERS_OF_JOB } from "../../../src/api/start-job.ts";
import type { JobView } from "../../../src/api/parts/shapes.ts";
import type { ApiAnswer, Failure } from "../api/call.ts";

/** As many users are logged out batch by batch, while the page stays open; more are a job's. */
export const MOST_WITHOUT_JOB = 1000;

/** For the members of the body beside the list. */
const REST_BYTES = 4096;

/**
 * Cuts a list into what one call each takes, in the order of the list.
 * @param most users of a call; `mostBytes` is of its body.
 */
export function cutIntoCalls(
  userIds: readonly string[],
  { most = MOST_USERS_OF_JOB, mostBytes = LARGEST_JOB_BYTES - REST_BYTES } = {},
): readonly (readonly string[])[] {
  const encoder = new TextEncoder();
  const lists: string[][] = [];
  let bytes = Infinity;
  for (const userId of userIds) {
    const size = encoder.encode(JSON.stringify(userId)).length + 1;
    if (bytes + size > mostBytes || (lists.at(-1)?.length ?? most) >= most) {
      lists.push([]);
      bytes = 0;
    }
    lists.at(-1)?.push(userId);
    bytes += size;
  }
  return lists;
}

/** What came of a start: the jobs that have begun, and why not all have. */
export interface Started {
  readonly jobs: readonly JobView[];
  readonly failure?: Failure;
}

/**
 * Makes as many jobs of a list as it takes, nearly always one. Who asks goes last, and may be logged out with
 * the others: the jobs go on all the same.
 */
export async function startJobs(
  userIds: readonly string[],
  self: string,
  send: (userIds: readonly string[]) => Promise<ApiAnswer<JobView>>,
): Promise<Started> {
  const others = userIds.filter((userId) => userId !== self);
  const inOrder = others.length === userIds.length ? userIds : [...others, self];
  const jobs: JobView[] = [];
  for (const some of cutIntoCalls(inOrder)) {
    const answer = await send(some);
    if (answer.outcome !== "ok") return { jobs, failure: answer };
    jobs.push(answer.value);
  }
  return { jobs };
}
