import { pathToFileURL } from "node:url";
import { readCloudAssembly } from "../../local/model/cloud-assembly.ts";
import type { FunctionModel } from "../../local/model/function-model.ts";
import { readStack } from "../../local/model/stack-model.ts";
import { createTables, localDynamoDb } from "../../local/tables.ts";
import { decodeSettings, ENVIRONMENT } from "../../src/runtime/function-settings.ts";
import { ENDPOINT } from "./engine.ts";

/** A function as Lambda calls it. */
export type Handler = (event: unknown, context: unknown) => Promise<unknown>;

/** Reads the stack in a cloud assembly, and creates its tables where there are none. */
export async function openStack(assemblyFolder: string, endpoint: string) {
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
  const { environment: variables } = named("validate");
  return {
    sessionsTable: variables[ENVIRONMENT.sessionsTable] ?? "",
    settings: decodeSettings(variables[ENVIRONMENT.settings] ?? ""),
    /** A function's bundle and environment. */
    named,
    /** Imports a function's bundle with the environment that the construct sets. */
    async load(name: string): Promise<Handler> {
      const { entry, handler, environment } = named(name);
      // The template names AWS's endpoint; the one here may be a proxy by now.
      Object.assign(process.env, environment, { [ENDPOINT]: process.env[ENDPOINT] });
      const { [handler]: found } = (await import(pathToFileURL(entry).href)) as Record<string, Handler>;
      if (found === undefined) throw new Error(`${entry} does not export ${handler}`);
      return found;
    },
  };
}

/** What a synthesized stack deploys, of which the measurements run the functions in their own process. */
export type DeployedStack = Awaited<ReturnType<typeof openStack>>;
