import { ENVIRONMENT } from "../src/runtime/function-settings.ts";
import { createLoginThrottle } from "../src/identity/login-throttle.ts";
import { createPasswordSource } from "../src/identity/passwords.ts";
import {
  createThrottledPasswordSource,
  type ThrottledPasswordSource,
} from "../src/identity/throttled-passwords.ts";
import { wireDirectory } from "./directory-wiring.ts";
import { required, type Wiring } from "./wiring.ts";

/**
 * The identity source `passwords`, never without its throttle, or `undefined` where it is off.
 * @throws Error where the directory's table is named and the sign-in table is not.
 */
export function wirePasswords(wiring: Wiring): ThrottledPasswordSource | undefined {
  const directory = wireDirectory(wiring);
  if (directory === undefined) return undefined;
  const { documents, clock } = wiring;
  const throttle = createLoginThrottle({ documents, tableName: required(ENVIRONMENT.signInTable), clock });
  return createThrottledPasswordSource(createPasswordSource(directory), throttle);
}
