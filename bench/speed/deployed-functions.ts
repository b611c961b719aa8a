import { pathToFileURL } from "node:url";
import { decodeSettings, ENVIRONMENT, type FunctionSettings } from "../../src/runtime/function-settings.ts";
import { readCloudAssembly } from "../../local/model/cloud-assembly.ts";
import type { FunctionModel } from "../../local/model/function-model.ts";
import { readStack } from "../../local/model/stack-model.ts";
import { createTables, localDynamoDb } from "../../local/tables.ts";

/** A function as Lambda calls it. */
export type Handler = (event: unknown, context: unknown) => Promise<unknown>;

/** What a synthesized stack deploys, of which the measurements run the functions in their own process. */
export interface DeployedStack {
  readonly sessionsTable: string;
  readonly settings: FunctionSettings;
  /** Imports a function's bundle with the environment that the construct sets. */
  load(name: string): Promise<Handler>;
}

/** Reads the stack in a cloud assembly, and creates its tables where there are none. */
export async function openStack(assemblyFolder: string, endpoint: string): Promise<DeployedStack> {
  // No API runs here: what would lie behind this URL is never asked.
  const model = readStack(readCloudAssembly(assemblyFolder), { url: "http://localhost" });
  const client = localDynamoDb(endpoint, model.region);
  await createTables(client, model.tables);
  client.destroy();
  const named = (name: string): FunctionModel => {
    const found = model.functions.find((each) => each.name === name);
    if (found === undefined) throw new Error(`the stack has no function ${name}`);
    return found;
  };
  const variable = (name: string): string => {
    const value = named("validate").environment[name];
    if (value === undefined) throw new Error(`the function validate has no variable ${name}`);
    return value;
  };
  return {
    sessionsTable: variable(ENVIRONMENT.sessionsTable),
    settings: decodeSettings(variable(ENVIRONMENT.settings)),
    async load(name) {
      const { entry, handler, environment } = named(name);
      // The template names AWS's endpoint; the one here may be a proxy by now.
      const { AWS_ENDPOINT_URL_DYNAMODB: here } = process.env;
      Object.assign(process.env, environment, { AWS_ENDPOINT_URL_DYNAMODB: here });
      const module = (await import(pathToFileURL(entry).href)) as Record<string, Handler>;
      const found = module[handler];
      if (found === undefined) throw new Error(`${entry} does not export ${handler}`);
      return found;
    },
  };
}
