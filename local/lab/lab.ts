import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ENVIRONMENT } from "../../src/runtime/function-settings.ts";
import { BY_USER_INDEX, ENDINGS_BY_USER_INDEX } from "../../src/sessions/table.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { StackModel } from "../model/stack-model.ts";
import { localDynamoDb } from "../tables.ts";
import { createLabCalls } from "./calls.ts";
import { createLabClock, type LabClock } from "./clock.ts";
import { startDatabaseProxy, type PassedWrite } from "./database-proxy.ts";
import { createHappened } from "./happened.ts";
import { LAB_PATH } from "./hosts.ts";
import { createItemNames } from "./item-names.ts";
import { createLabGateway } from "./lab-gateway.ts";
import type { LabOptions, LabParts, LabStack } from "./parts.ts";

/** The parts of the lab that the stack is started with. */
export interface Lab {
  /** Read by the functions' threads. */
  readonly clock: LabClock;
  /** The database, as the functions see it. */
  readonly databaseEndpoint: string;
  /** Puts the lab before what answers otherwise, where the stack has a sessions table to look at. */
  readonly before: (otherwise: Gateway, stack: LabStack) => Gateway;
  stop(): Promise<void>;
}

/** Starts what stands between the functions and the database; the rest of the lab follows with the stack. */
export async function startLab(databaseEndpoint: string, options: LabOptions): Promise<Lab> {
  const clock = createLabClock();
  let note: (write: PassedWrite) => void = () => undefined;
  const proxy = await startDatabaseProxy(databaseEndpoint, (write) => note(write));
  let client: DynamoDBClient | undefined;
  return {
    clock,
    databaseEndpoint: proxy.endpoint,
    before(otherwise, stack) {
      const { model } = stack;
      const sessionsTable = sessionsTableOf(model);
      if (sessionsTable === undefined) return otherwise;
      client = localDynamoDb(databaseEndpoint, model.region);
      const happened = createHappened(createItemNames(model, sessionsTable), {
        senderOf: (id) => model.functions.find(({ logicalId }) => logicalId === id)?.name ?? id,
        clock: clock.now,
      });
      note = (write) => happened.noteWrite(write);
      const parts: LabParts = {
        ...stack,
        ...signInBy(stack, options),
        sessionsTable,
        clock,
        happened,
        proxy,
      };
      const calls = createLabCalls(parts, client);
      return createLabGateway(parts, { calls, otherwise });
    },
    async stop() {
      client?.destroy();
      await proxy.stop();
    },
  };
}

/** A stack without a password directory has nobody to ask for a password. */
function signInBy({ model }: LabStack, { users, password }: LabOptions): Pick<LabParts, "options"> {
  const hasDirectory = model.functions.some(
    ({ environment }) => environment[ENVIRONMENT.usersTable] !== undefined,
  );
  return { options: { users, ...(hasDirectory && password !== undefined && { password }) } };
}

/** Where the lab of a stack is seen. */
export const labUrl = (port: number): string => `http://localhost:${port}${LAB_PATH}`;

/** The one table with the indexes of the sessions table, whatever it is called. */
function sessionsTableOf({ tables }: StackModel): string | undefined {
  const wanted = [BY_USER_INDEX.name, ENDINGS_BY_USER_INDEX.name];
  return tables.find(({ globalIndexes }) =>
    wanted.every((index) => globalIndexes.some(({ name }) => name === index)),
  )?.name;
}
