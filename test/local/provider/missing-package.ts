/** A local provider in a process where the package `oidc-provider` is not installed. */
import { registerHooks } from "node:module";
import { DEMO_USERS } from "../../../cli/demo-users.ts";
import { createLocalProviders } from "../../../local/provider/local-providers.ts";
import type { StackModel } from "../../../local/model/stack-model.ts";
import { ENVIRONMENT } from "../../../src/runtime/function-settings.ts";

registerHooks({
  // Looked for where it is not, so that Node itself says what it says.
  resolve: (name, context, next) =>
    next(name, name === "oidc-provider" ? { ...context, parentURL: "file:///nowhere/app.js" } : context),
});

const oidcSources = [
  {
    kind: "cognito",
    name: "cognito",
    userPoolId: "eu-central-1_Example",
    clientId: "web",
    mapping: {},
  },
];
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
process.stdout.write(
  JSON.stringify({ missing, running: providers.running(), reroutes: providers.reroutes() }),
);
await providers.stop();
