import { expect, test } from "vitest";
import { serveSources } from "./serve-sources.ts";

const sourceOf = (name: string, issuer: string) => ({
  kind: "oidc",
  name,
  issuer,
  jwksUri: "https://id.example.com/keys",
  audience: ["web"],
  mapping: {},
});
test("a source whose issuer is known only at deployment is told, and the others are served", async () => {
  const known = sourceOf("corp", "https://id.example.com");
  const sources = [sourceOf("shop", "issuer.invalid"), known, sourceOf("app", "app:issuer")];
  const { providers, missing } = await serveSources(sources);
  try {
    expect(missing).toEqual([
      "Nobody can sign in by the identity source shop: its issuer, issuer.invalid, is no address.",
      "Nobody can sign in by the identity source app: its issuer, app:issuer, is no address.",
    ]);
    expect(providers.running()).toMatchObject([{ issuer: "https://id.example.com", sourceName: "corp" }]);
  } finally {
    await providers.stop();
  }
});
