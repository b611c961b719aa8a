import { GET_OVERVIEW } from "../../../src/api/get-overview.ts";
import { LIST_ACTIVITY } from "../../../src/api/list-activity.ts";
import { LIST_SUSPECTS } from "../../../src/api/list-suspects.ts";
import type { ActivityView, SuspectView } from "../../../src/api/parts/shapes.ts";
import { call, type ApiAnswer } from "./call.ts";
import type { Page } from "./calls.ts";

/** As many as a call gives at most. */
const PAGE_SIZE = "100";

/** A period of time, in ISO 8601. */
export interface PeriodRequest {
  readonly from: string;
  readonly to: string;
}

/** What happened in each hour of a period. */
export const getOverview = ({ from, to }: PeriodRequest) => call(GET_OVERVIEW, { query: { from, to } });

export interface ActivityRequest extends PeriodRequest {
  readonly userId?: string | undefined;
  /** Kinds with commas between them; all where left out. */
  readonly kind?: string | undefined;
  readonly cursor?: string | undefined;
}

/** One page of what happened, newest first; it may be empty and still have a cursor. */
export async function listActivity(request: ActivityRequest): Promise<ApiAnswer<Page<ActivityView>>> {
  const answer = await call(LIST_ACTIVITY, { query: { limit: PAGE_SIZE, ...request } });
  if (answer.outcome !== "ok") return answer;
  const { activity, ...rest } = answer.value;
  return { outcome: "ok", value: { items: activity, ...rest } };
}

/** One page of who is suspected, the latest first; it may be empty and still have a cursor. */
export async function listSuspects(cursor: string | undefined): Promise<ApiAnswer<Page<SuspectView>>> {
  const answer = await call(LIST_SUSPECTS, { query: { limit: PAGE_SIZE, cursor } });
  if (answer.outcome !== "ok") return answer;
  const { suspects, ...rest } = answer.value;
  return { outcome: "ok", value: { items: suspects, ...rest } };
}
