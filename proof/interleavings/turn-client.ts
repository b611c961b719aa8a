import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Plan } from "./plan.ts";
import type { Turns } from "./turns.ts";

/** A command of the SDK, as far as it matters here. */
interface Command {
  readonly input: Record<string, unknown>;
}

type Batch = Record<string, unknown[] | { readonly Keys: unknown[] }>;

const WRITES = /^(TransactWrite|BatchWrite|Put|Update|Delete)Command$/;

/** What of a run all clients share. */
export interface Shared {
  readonly documents: DynamoDBDocumentClient;
  readonly turns: Pick<Turns, "take">;
  readonly disturbance: Pick<Plan, "lostAnswer" | "crash" | "unprocessed" | "indexLags">;
  /** Told of each request before it is carried out: of every item that it names by `pk`. */
  readonly named: (pk: string) => void;
  readonly counts: { writes: number };
}

/**
 * A document client each of whose requests waits for its turn and then meets what the plan has for it: a lost
 * answer, a batch carried out in part, an index that lags, the end of its function.
 */
export function turnClient(client: number, shared: Shared): DynamoDBDocumentClient {
  const { documents, turns, disturbance } = shared;
  const begun = new Set<string>();
  let requests = 0;

  const perform = async (name: string, command: Command): Promise<unknown> => {
    for (const pk of pksIn(command.input)) shared.named(pk);
    const isWrite = WRITES.test(name);
    const isLost = isWrite && shared.counts.writes++ === disturbance.lostAnswer;
    const isBatch = name.startsWith("Batch") && disturbance.unprocessed && !begun.has(name);
    begun.add(name);
    const answer = await (isBatch ? inPart(documents, command) : send(documents, name, command, disturbance));
    if (isLost) {
      throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    }
    return answer;
  };

  const answering = (name: string, command: Command): Promise<unknown> => {
    const dies = disturbance.crash?.client === client && disturbance.crash.request === requests++;
    const done = turns.take(client, labelOf(name, command), () => perform(name, command));
    return dies ? done.then(never, never) : done;
  };

  return {
    send: (command: Command) => answering(command.constructor.name, command),
  } as unknown as DynamoDBDocumentClient;
}

const never = (): Promise<never> => Promise.withResolvers<never>().promise;

/** An index that lags has seen nothing of what a test does. */
function send(
  documents: DynamoDBDocumentClient,
  name: string,
  command: Command,
  { indexLags }: Shared["disturbance"],
): Promise<unknown> {
  if (indexLags && (name === "QueryCommand" || name === "ScanCommand")) return Promise.resolve({ Items: [] });
  return documents.send(command as never);
}

/** Passes on the later half of a batch, and answers the earlier one as unprocessed. */
async function inPart(documents: DynamoDBDocumentClient, command: Command): Promise<unknown> {
  const [[table, whole] = ["", []]] = Object.entries(command.input["RequestItems"] as Batch);
  const things = Array.isArray(whole) ? whole : whole.Keys;
  const passed = things.slice(Math.ceil(things.length / 2));
  const held = things.slice(0, Math.ceil(things.length / 2));
  const withThings = (some: unknown[]): unknown => (Array.isArray(whole) ? some : { ...whole, Keys: some });
  const Command = command.constructor as new (input: unknown) => never;
  const answer =
    passed.length === 0
      ? {}
      : ((await documents.send(new Command({ RequestItems: { [table]: withThings(passed) } }))) as object);
  return {
    ...answer,
    [Array.isArray(whole) ? "UnprocessedItems" : "UnprocessedKeys"]: { [table]: withThings(held) },
  };
}

/** Every value of a `pk` anywhere in a request. */
function pksIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "pk" && typeof inner === "string" ? [inner] : pksIn(inner),
  );
}

function labelOf(name: string, { input }: Command): string {
  const pks = pksIn(input).map((pk) => pk.slice(0, 13));
  return [name.replace("Command", ""), ...pks].join(" ");
}
