import { expect, test } from "vitest";
import { OIDC_COOKIE } from "../../src/api/finish-oidc-login.ts";
import { signInCookie, signInOf } from "../../src/http/oidc-cookie.ts";
import { requestOf } from "./events.ts";

const signIn = {
  state: "s".repeat(43),
  nonce: "n".repeat(43),
  codeVerifier: "v".repeat(43),
  source: "corp",
  returnTo: "/app",
  takeover: false,
};
const readBack = (changed: object) => {
  const value = Buffer.from(JSON.stringify({ ...signIn, ...changed })).toString("base64url");
  return signInOf(requestOf({ cookies: [`${OIDC_COOKIE}=${value}`] }));
};

test("a sign-in under way comes back as it was put into the cookie", () => {
  const [cookie = ""] = signInCookie(signIn).split(";");
  expect(signInOf(requestOf({ cookies: [cookie] }))).toEqual(signIn);
});

test.each(["", "x", "s".repeat(44), "é".repeat(43), 1, null])(
  "a sign-in cookie with the secret %j, which we give nobody, is none of ours",
  (secret) => {
    for (const name of ["state", "nonce", "codeVerifier"])
      expect(readBack({ [name]: secret })).toBeUndefined();
  },
);
