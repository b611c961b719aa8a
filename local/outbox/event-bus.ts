import { randomUUID } from "node:crypto";
import { z } from "zod";
import { busNameIn, type BusesModel, type TargetInput } from "../model/bus-model.ts";
import { ACCOUNT_ID } from "../model/resource.ts";
import { ServiceError } from "./aws-json-api.ts";

/** An event as EventBridge gives it to the targets of rules. */
export interface BusEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601, in whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

export interface EventBusOptions {
  readonly buses: BusesModel;
  readonly region: string;
  /** Invokes a target without waiting for it, as EventBridge does. */
  readonly invokeLater: (functionName: string, payload: string) => void;
  /** Called with each event that was taken, and the bus it is on. */
  readonly onEvent: (event: BusEvent, busName: string) => void;
  /** Told what matched and cannot be delivered here. */
  readonly onUndeliverable: (why: string) => void;
}

/** What came of one entry. */
export type EntryResult =
  { readonly EventId: string } | { readonly ErrorCode: string; readonly ErrorMessage: string };

const entrySchema = z.object({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  EventBusName: z.string().optional(),
  Resources: z.array(z.string()).default([]),
  /** Epoch seconds. */
  Time: z.number().optional(),
});
export const putEventsSchema = z.object({ Entries: z.array(entrySchema) });
type Entry = z.infer<typeof entrySchema>;

/** EventBridge's quotas: entries in a call, and bytes of all of them together. */
const MOST_ENTRIES = 10;
const MOST_BYTES = 256 * 1024;
const BYTES_OF_A_TIME = 14;

/**
 * The event buses of a stack: takes events, and invokes the targets of the rules that match. A bus that the
 * template does not have is somebody else's, and takes events too.
 */
export function createEventBus(options: EventBusOptions) {
  const { buses, region } = options;

  function deliver(event: BusEvent, busName: string): void {
    for (const rule of buses.rules) {
      if (rule.busName !== busName || !rule.matches(event)) continue;
      for (const target of rule.targets) {
        if (target.kind === "elsewhere") options.onUndeliverable(`the rule ${rule.name}: ${target.why}`);
        else options.invokeLater(target.functionName, inputOf(target.input, event));
      }
    }
  }

  function take(entry: Entry): EntryResult {
    const problem = problemOf(entry);
    if (problem !== undefined) return problem;
    const event: BusEvent = {
      version: "0",
      id: randomUUID(),
      "detail-type": entry.DetailType ?? "",
      source: entry.Source ?? "",
      account: ACCOUNT_ID,
      time: new Date((entry.Time ?? Date.now() / 1000) * 1000).toISOString().replace(/\.\d+Z$/, "Z"),
      region,
      resources: entry.Resources,
      detail: JSON.parse(entry.Detail ?? "{}") as unknown,
    };
    const busName = busNameIn(entry.EventBusName ?? "default");
    options.onEvent(event, busName);
    deliver(event, busName);
    return { EventId: event.id };
  }

  return {
    /** @throws ServiceError where the call as a whole is refused. */
    putEvents({ Entries: entries }: z.infer<typeof putEventsSchema>) {
      if (entries.length < 1 || entries.length > MOST_ENTRIES) {
        throw invalid(`Entries has ${entries.length} members; 1 to ${MOST_ENTRIES} are accepted`);
      }
      const bytes = entries.map(sizeOf).reduce((sum, size) => sum + size, 0);
      if (bytes > MOST_BYTES) {
        throw invalid(
          `Total size of the entries in the request is over the limit: ${bytes} of ${MOST_BYTES}`,
        );
      }
      const results = entries.map(take);
      return { FailedEntryCount: results.filter((each) => "ErrorCode" in each).length, Entries: results };
    },
  };
}

const invalid = (message: string) => new ServiceError("ValidationException", message);

/** "Calculating the size of EventBridge PutEvents event entries". */
function sizeOf({ Source = "", DetailType = "", Detail = "", Resources, Time }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  const bytes = texts.map((text) => Buffer.byteLength(text)).reduce((sum, size) => sum + size, 0);
  return bytes + (Time === undefined ? 0 : BYTES_OF_A_TIME);
}

function problemOf(entry: Entry): EntryResult | undefined {
  for (const name of ["Source", "DetailType", "Detail"] as const) {
    if ((entry[name] ?? "") === "") {
      return {
        ErrorCode: "InvalidArgument",
        ErrorMessage: `Parameter ${name} is not valid. Reason: it is required.`,
      };
    }
  }
  if (!isJsonObject(entry.Detail ?? "")) {
    return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
  }
  if (entry.Source?.startsWith("aws.") === true) {
    return { ErrorCode: "NotAuthorizedForSource", ErrorMessage: "Not authorized for the source." };
  }
  return undefined;
}

function isJsonObject(text: string): boolean {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function inputOf(input: TargetInput, event: BusEvent): string {
  switch (input.kind) {
    case "event":
      return JSON.stringify(event);
    case "constant":
      return input.json;
    case "part": {
      const part = input.path.reduce<unknown>(
        (value, name) => (value as Record<string, unknown> | null | undefined)?.[name],
        event,
      );
      return JSON.stringify(part ?? null);
    }
  }
}
