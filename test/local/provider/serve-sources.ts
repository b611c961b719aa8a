import { DEMO_USERS } from "../../../cli/demo-users.ts";
import { createLocalProviders } from "../../../local/provider/local-providers.ts";
import type { StackModel } from "../../../local/model/stack-model.ts";
import { ENVIRONMENT } from "../../../src/runtime/function-settings.ts";

/** Local providers for a function that is told of these sources, and what cannot be served. */
export async function serveSources(oidcSources: readonly object[]) {
  const environment = { [ENVIRONMENT.settings]: JSON.stringify({ allowedOrigins: [], oidcSources }) };
  const missing: string[] = [];
  const providers = createLocalProviders({
    users: DEMO_USERS,
    password: "none",
    near: () => 0,
    offsetMs: () => 0,
    onMissing: (why) => missing.push(why),
  });
  await providers.serve({ functions: [{ environment }], appClients: [] } as unknown as StackModel);
  return { providers, missing };
}
