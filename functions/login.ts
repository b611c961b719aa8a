import { randomBytes } from "node:crypto";
import * as policyModule from "#session-policy";
import { createLoginHandler } from "./login-handler.ts";
import { wireOidc } from "./oidc-wiring.ts";
import { wirePasswords } from "./password-wiring.ts";
import { wire } from "./wiring.ts";

const wiring = wire();

export const handler = createLoginHandler({
  ...wiring,
  passwords: wirePasswords(wiring),
  oidc: wireOidc(wiring),
  policyModule,
  random: randomBytes,
});
