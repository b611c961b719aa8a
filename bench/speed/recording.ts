import type { DocumentClient } from "../../src/dynamodb/document-client.ts";

/** One request as the store asked for it. */
export interface RecordedRequest {
  readonly Command: CommandClass;
  readonly input: object;
}

type Command = Parameters<DocumentClient["send"]>[0];
type CommandClass = new (input: object) => Command;

/** A document client that carries out reads, and only notes writes, telling the caller that they are done. */
export interface RecordingClient {
  readonly documents: DocumentClient;
  /** The requests since the last time, in their order. */
  taken(): RecordedRequest[];
}

/**
 * Records what a store sends through `documents`, so that the very same requests can be sent without the
 * store.
 */
export function recordingClient(documents: DocumentClient): RecordingClient {
  let requests: RecordedRequest[] = [];
  const send = (command: Command): Promise<unknown> => {
    const Command = command.constructor as CommandClass;
    requests.push({ Command, input: plain(command.input) });
    return /Get|Query|Scan/.test(Command.name) ? documents.send(command) : Promise.resolve({});
  };
  return {
    documents: { send } as unknown as DocumentClient,
    taken() {
      const taken = requests;
      requests = [];
      return taken;
    },
  };
}

/** Sends recorded requests one after the other. */
export async function replay(documents: DocumentClient, requests: readonly RecordedRequest[]): Promise<void> {
  for (const { Command, input } of requests) await documents.send(new Command(input));
}

/** Without `undefined`, which a document client without options refuses. */
const plain = (input: object): object => JSON.parse(JSON.stringify(input)) as object;
