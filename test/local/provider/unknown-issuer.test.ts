import { expect, test } from "vitest";
import { DEMO_USERS } from "../../../cli/demo-users.ts";
import type { StackModel } from "../../../local/model/stack-model.ts";
import { createLocalProviders } from "../../../local/provider/local-providers.ts";
import { ENVIRONMENT } from "../../../src/runtime/function-settings.ts";

const sourceOf = (name: string, issuer: string) => ({
  kind: "oidc",
  name,
  issuer,
  jwksUri: "https://id.example.com/keys",
  audience: ["web"],
  mapping: {},
});
const modelOf = (...oidcSources: readonly object[]): StackModel => {
  const settings = JSON.stringify({ allowedOrigins: [], oidcSources });
  const functions = [{ environment: { [ENVIRONMENT.settings]: settings } }];
  return { functions, appClients: [] } as unknown as StackModel;
};

test("a source whose issuer is known only at deployment is told, and the others are served", async () => {
  const missing: string[] = [];
  const providers = createLocalProviders({
    users: DEMO_USERS,
    password: "none",
    near: () => 0,
    offsetMs: () => 0,
    onMissing: (why) => missing.push(why),
  });
  try {
    const known = sourceOf("corp", "https://id.example.com");
    await providers.serve(modelOf(sourceOf("shop", "issuer.invalid"), known, sourceOf("app", "app:issuer")));
    expect(missing).toEqual([
      "Nobody can sign in by the identity source shop: its issuer, issuer.invalid, is no address.",
      "Nobody can sign in by the identity source app: its issuer, app:issuer, is no address.",
    ]);
    expect(providers.running()).toMatchObject([{ issuer: "https://id.example.com", sourceName: "corp" }]);
  } finally {
    await providers.stop();
  }
});
