import * as policyModule from "#session-policy";
import { createPasswordSource } from "../src/identity/passwords.ts";
import { wireDirectory } from "./directory-wiring.ts";
import { createLoginHandler } from "./login-handler.ts";
import { wire } from "./wiring.ts";

const wiring = wire();
const directory = wireDirectory(wiring);

export const handler = createLoginHandler({
  ...wiring,
  passwords: directory && createPasswordSource(directory),
  policyModule,
});
