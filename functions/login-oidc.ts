import { randomBytes } from "node:crypto";
import * as policyModule from "#session-policy";
import { createOidcFlow } from "../src/identity/oidc-flow.ts";
import { createLoginOidcHandler } from "./login-oidc-handler.ts";
import { wireOidc } from "./oidc-wiring.ts";
import { wire } from "./wiring.ts";

const wiring = wire();
const oidc = wireOidc(wiring);
if (oidc === undefined)
  throw new Error("login-oidc is for identity sources with the code flow; there are none");

export const handler = createLoginOidcHandler({
  ...wiring,
  oidc,
  flow: createOidcFlow(randomBytes),
  policyModule,
  random: randomBytes,
});
