import fc from "fast-check";
import { requests } from "./request-parts.ts";
import { hostileText, objectTexts, text } from "./values.ts";

const signIn = fc
  .record({
    state: fc.oneof({ weight: 6, arbitrary: text("s".repeat(43)) }, { weight: 1, arbitrary: hostileText }),
    nonce: fc.oneof({ weight: 6, arbitrary: text("n".repeat(43)) }, { weight: 1, arbitrary: hostileText }),
    codeVerifier: fc.oneof(
      { weight: 6, arbitrary: text("v".repeat(43)) },
      { weight: 1, arbitrary: hostileText },
    ),
    source: fc.oneof({ weight: 4, arbitrary: text("corp") }, { weight: 1, arbitrary: hostileText }),
    returnTo: fc.oneof(text("/app", "//evil.example", "/\\evil", "javascript:x"), hostileText),
    takeover: fc.boolean(),
  })
  .chain((valid) => objectTexts(fc.constant(valid)).map((cookie) => ({ cookie, state: valid.state })));
const ownSignIn = fc
  .tuple(
    signIn,
    text(
      "&code=c",
      "",
      "&error=access_denied",
      "&code=c&code=d",
      "&response=x",
      "&iss=x&code=c",
      "&error=%00%ff",
    ),
    fc.boolean(),
  )
  .map(([{ cookie, state }, rest, sameState]) => ({
    cookies: [`__Host-oidc=${Buffer.from(cookie).toString("base64url")}`],
    query: `state=${sameState ? encodeURIComponent(state.toWellFormed()) : "other"}${rest}`,
  }));
const underWay = text(
  "state={{oidc:state}}&code=made-up&iss={{oidc:iss}}",
  "state={{oidc:state}}&error=access_denied&iss={{oidc:iss}}",
  "state={{oidc:state}}&error=%F0%9F%98%80",
  "state={{oidc:state}}&code=made-up&iss=https://evil.example",
  "state={{oidc:state}}",
  "state=x&code=made-up",
).map((query) => ({ cookies: ["__Host-oidc={{oidc:cookie}}"], query }));
const signedIn = fc.constant({
  cookies: ["__Host-oidc={{oidc:cookie}}"],
  query: "state={{oidc:state}}&code={{oidc:code}}&iss={{oidc:iss}}",
});
/** `GET /login/oidc/callback`: with a cookie of the own making, or of a sign-in that is really under way. */
export const oidcCallback = fc
  .oneof(
    { weight: 8, arbitrary: ownSignIn },
    { weight: 4, arbitrary: underWay },
    { weight: 1, arbitrary: signedIn },
  )
  .chain(({ cookies, query }) =>
    requests({
      method: fc.constant("GET"),
      path: fc.constant("/login/oidc/callback"),
      query: fc.constant(query),
      credentials: fc.constant({ headers: [], cookies }),
    }),
  );
const beginQuery = fc
  .array(
    fc.oneof(
      text(
        "source=corp",
        "source=x",
        "returnTo=/app",
        "returnTo=//evil.example",
        "returnTo=%2F%5Cevil",
        "takeover=true",
        "takeover=1",
      ),
      hostileText.map((value) => `returnTo=${encodeURIComponent(value.toWellFormed())}`),
    ),
    { maxLength: 3 },
  )
  .map((parts) => parts.join("&"));
/** `GET /login/oidc`. */
export const oidcBegin = requests({
  method: fc.constant("GET"),
  path: fc.constant("/login/oidc"),
  query: beginQuery,
});
