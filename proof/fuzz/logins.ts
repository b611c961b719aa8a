import fc, { type Arbitrary } from "fast-check";
import type { Json } from "./inputs.ts";
import { LIVE_NAMES, USER_NAMES } from "./people.ts";
import { FORGED_NAMES, SUBJECTS } from "./placeholders.ts";
import { hostileJson, hostileText, mostly, text, userId } from "./values.ts";

const atTheLimit = {
  takeover: fc.boolean(),
  end: fc.array(
    fc.constantFrom(...LIVE_NAMES, "victim").map((name) => `{{id:${name}}}`),
    { maxLength: 3 },
  ),
};
const anyLogin = { ...atTheLimit, deliver: fc.constantFrom("cookie", "token") };

const passwordOf = (name: string): Arbitrary<string> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constant(`{{password:${name}}}`) },
    { weight: 1, arbitrary: fc.constant("{{password:staff}}") },
    {
      weight: 1,
      arbitrary: fc.oneof(
        fc.constant("{{token:alice}}"),
        fc.constant("p".repeat(1024)),
        fc.constant("p".repeat(1025)),
        hostileText,
      ),
    },
  );
const KNOWN = USER_NAMES.filter((name) => name !== "victim");
/** A body of `POST /login`: somebody's user name with the password, mostly the right one. */
export const passwordLogin = fc
  .oneof({ weight: 5, arbitrary: fc.constantFrom(...KNOWN) }, { weight: 2, arbitrary: userId })
  .chain((username) =>
    fc.record(
      {
        username: fc.constant(username),
        password: passwordOf(KNOWN.includes(username) ? username : "alice"),
        ...anyLogin,
      },
      { requiredKeys: ["username", "password"] },
    ),
  ) as Arbitrary<Record<string, Json>>;

const idToken = fc.oneof(
  { weight: 4, arbitrary: fc.nat(SUBJECTS.length - 1).map((index) => `{{idtoken:${index}}}`) },
  { weight: 3, arbitrary: fc.constantFrom(...FORGED_NAMES).map((name) => `{{idtoken:${name}}}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "a.b.c",
      "..",
      "e30.e30.e30",
      "e30.bnVsbA.e30",
      "{{token:alice}}",
      "z".repeat(15_001),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(hostileJson, hostileJson)
      .map((parts) =>
        [...parts, ""].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join("."),
      ),
  },
  { weight: 1, arbitrary: hostileText },
);
/** A body of `POST /login`: an id token, genuine or forged. */
export const idTokenLogin = fc
  .tuple(
    fc.record({ idToken, ...anyLogin }, { requiredKeys: ["idToken"] }),
    mostly(fc.constant({}), fc.record({ nonce: fc.oneof(hostileText, text("n".repeat(43))) })),
  )
  .map(([login, nonce]) => ({ ...login, ...nonce })) as Arbitrary<Record<string, Json>>;

const trustedUser = fc.record(
  {
    id: userId,
    isAdmin: fc.boolean(),
    permissions: mostly(
      fc.array(text("single_session.logout", "single_session.logout_all", "reports"), { maxLength: 3 }),
      fc.array(hostileText, { maxLength: 3 }),
    ),
    claims: mostly(fc.dictionary(fc.string(), hostileJson, { maxKeys: 3 }), hostileJson),
  },
  { requiredKeys: ["id"] },
);
const device = fc.record(
  {
    label: hostileText,
    class: fc.constantFrom("mobile", "desktop"),
    userAgent: hostileText,
    address: hostileText,
  },
  { requiredKeys: [] },
);
/** The event of a direct login. */
export const trustedLogin = fc.record(
  { user: trustedUser, device, ...atTheLimit },
  { requiredKeys: ["user"] },
) as Arbitrary<Record<string, Json>>;
