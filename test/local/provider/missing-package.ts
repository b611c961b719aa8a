/** A local provider in a process where the package `oidc-provider` is not installed. */
import { registerHooks } from "node:module";
import { serveSources } from "./serve-sources.ts";

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
const { providers, missing } = await serveSources(oidcSources);
process.stdout.write(
  JSON.stringify({ missing, running: providers.running(), reroutes: providers.reroutes() }),
);
await providers.stop();
