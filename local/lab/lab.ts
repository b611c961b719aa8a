import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GET_SESSION } from "../../src/api/get-session.ts";
import { ENVIRONMENT } from "../../src/runtime/function-settings.ts";
import { BY_USER_INDEX, ENDINGS_BY_USER_INDEX } from "../../src/sessions/table.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { FunctionModel } from "../model/function-model.ts";
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
      // Functions of another `SingleSession` have the same ids.
      const functions = model.functions.filter((fn) => tableOf(fn) === sessionsTable);
      const nameOf = (id: string): string =>
        functions.find(({ constructId }) => constructId === id)?.name ?? id;
      client = localDynamoDb(databaseEndpoint, model.region);
      const happened = createHappened(createItemNames(model, sessionsTable), {
        senderOf: (id) => model.functions.find(({ logicalId }) => logicalId === id)?.name ?? id,
        clock: clock.now,
      });
      note = (write) => happened.noteWrite(write);
      const parts: LabParts = {
        ...stack,
        ...signInBy(functions, options),
        invoke: (id, payload) => stack.invoke(nameOf(id), payload),
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

/** Without a password directory there is nobody to ask for a password. */
function signInBy(
  functions: readonly FunctionModel[],
  { users, password }: LabOptions,
): Pick<LabParts, "options"> {
  const hasDirectory = functions.some(({ environment }) => environment[ENVIRONMENT.usersTable] !== undefined);
  return { options: { users, ...(hasDirectory && password !== undefined && { password }) } };
}

/** Where the lab of a stack is seen. */
export const labUrl = (port: number): string => `http://localhost:${port}${LAB_PATH}`;

const tableOf = ({ environment }: FunctionModel): string | undefined =>
  environment[ENVIRONMENT.sessionsTable];

/**
 * The table with the indexes of the sessions table, whatever it is called. Of several, that of the first API,
 * which is at the address of the lab.
 */
function sessionsTableOf({ tables, apis, functions }: StackModel): string | undefined {
  const wanted = [BY_USER_INDEX.name, ENDINGS_BY_USER_INDEX.name];
  const names = tables
    .filter(({ globalIndexes }) => wanted.every((index) => globalIndexes.some(({ name }) => name === index)))
    .map(({ name }) => name);
  const target = apis[0]?.routes.find(
    ({ key }) => key === `${GET_SESSION.method} ${GET_SESSION.path}`,
  )?.target;
  const asked = functions.find(({ name }) => target?.kind === "function" && name === target.functionName);
  return names.find((name) => asked !== undefined && tableOf(asked) === name) ?? names[0];
}
