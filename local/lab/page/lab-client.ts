import type {
  FaultCount,
  LabSettings,
  LabState,
  LogOutAnswer,
  RaceResult,
  SweepAnswer,
  UserTables,
} from "../shapes.ts";

interface Calls {
  readonly tables: UserTables;
  readonly "start-over": UserTables;
  readonly "time-to-live": SweepAnswer;
  readonly race: RaceResult;
  readonly "log-out": LogOutAnswer;
  readonly arm: FaultCount;
  readonly disarm: FaultCount;
  readonly "move-clock": { readonly clockOffsetMs: number };
}

/** Of logins that race on a slow machine, with a lot to spare. */
const LONGEST_CALL_MS = 120_000;

async function answerOf(response: Response): Promise<unknown> {
  if (!response.ok) throw new Error(`the local stack answered ${response.status}`);
  return response.json();
}

/** Asks the local stack for something that only it can do. */
export async function call<Name extends keyof Calls>(name: Name, body: object = {}): Promise<Calls[Name]> {
  const response = await fetch(`/_local/calls/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(LONGEST_CALL_MS),
  });
  return (await answerOf(response)) as Calls[Name];
}

export const readSettings = async (): Promise<LabSettings> =>
  (await answerOf(await fetch("/_local/settings"))) as LabSettings;

/** Answers when something is new since that version, or after a few seconds. */
export async function readState(
  user: string,
  since: number | undefined,
  signal: AbortSignal,
): Promise<LabState> {
  const query = new URLSearchParams({ user, ...(since !== undefined && { since: String(since) }) });
  return (await answerOf(await fetch(`/_local/state?${query}`, { signal }))) as LabState;
}
