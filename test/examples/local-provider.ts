import { globSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ENVIRONMENT, type FunctionSettings } from "../../src/runtime/function-settings.ts";
import { API_AUDIENCE, CLIENT_ID, type TestProvider } from "../support/oidc-provider.ts";

/** What the template says of a function's environment. */
interface Environment {
  readonly Variables?: Record<string, unknown>;
}

/**
 * Puts a provider on this machine into the place of the user pool, which is on AWS only. All else of the
 * assembly stays as it is.
 */
export async function withProvider(assembly: string, provider: TestProvider): Promise<string> {
  for (const name of globSync("*.template.json", { cwd: assembly })) {
    const file = join(assembly, name);
    const template = JSON.parse(await readFile(file, "utf8")) as {
      Resources: Record<string, { Properties?: { Environment?: Environment } }>;
    };
    for (const { Properties: properties } of Object.values(template.Resources)) {
      const variables = properties?.Environment?.Variables;
      if (variables?.[ENVIRONMENT.settings] === undefined) continue;
      const settings = JSON.parse(textOf(variables[ENVIRONMENT.settings])) as FunctionSettings;
      const { name: source = "cognito", mapping = {} } = settings.oidcSources?.[0] ?? {};
      const { issuer, jwksUri } = provider;
      const accessTokens = { audience: [API_AUDIENCE] };
      const oidcSources = [
        { kind: "oidc", name: source, issuer, jwksUri, audience: [CLIENT_ID], mapping, accessTokens },
      ];
      variables[ENVIRONMENT.settings] = JSON.stringify({ ...settings, oidcSources });
    }
    await writeFile(file, JSON.stringify(template));
  }
  return assembly;
}

/** Text that CloudFormation joins; what it fills in is of no matter here. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  const [, parts] = (value as { "Fn::Join": [string, unknown[]] })["Fn::Join"];
  return parts.map((part) => (typeof part === "string" ? part : "filled-in")).join("");
}
