import fc, { type Arbitrary } from "fast-check";
import type { Input, Json } from "./inputs.ts";
import { jobCalls } from "./jobs.ts";
import { idTokenLogin, passwordLogin, trustedLogin } from "./logins.ts";
import { LIVE_NAMES } from "./people.ts";
import { administratorsCredentials, requests } from "./request-parts.ts";
import type { HandlerName } from "./service.ts";
import { oidcBegin, oidcCallback } from "./sign-ins.ts";
import { bodies, hostileJson, hostileText, objectTexts, reason, text, userId } from "./values.ts";

/** One way to call one handler: what it is sent. */
export interface Lane {
  readonly name: LaneName;
  readonly handler: HandlerName;
  /** By direct invocation: bad input is refused with a `{code}`. */
  readonly direct: boolean;
  readonly inputs: Arbitrary<Input>;
}

export const LANE_NAMES = [
  "login-password",
  "login-id-token",
  "login-direct",
  "login-oidc",
  "logout",
  "validate",
  "authorize",
  "list-sessions",
  "activity",
  "jobs",
  "end-session",
  "end-session-direct",
  "admin-logout",
  "admin-logout-direct",
] as const;
export type LaneName = (typeof LANE_NAMES)[number];

const { constant } = fc;
const post = constant("POST");
const get = constant("GET");

const adminLogout = fc.record(
  {
    userIds: fc.array(userId, { minLength: 1, maxLength: 5 }),
    includeAdmins: fc.boolean(),
    reason,
    dryRun: fc.boolean(),
  },
  { requiredKeys: ["userIds"] },
) as Arbitrary<Record<string, Json>>;
const directEndSession = fc.record(
  {
    sessionId: text("{{id:alice}}", "{{id:victim}}", "{{id:admin}}", "{{id:unknown}}"),
    includeAdmins: fc.boolean(),
    actor: userId,
    reason,
    dryRun: fc.boolean(),
  },
  { requiredKeys: ["sessionId"] },
) as Arbitrary<Record<string, Json>>;
const directAdminLogout = fc
  .tuple(adminLogout, fc.option(userId))
  .map(([request, actor]) => (actor === null ? request : { ...request, actor }));

/** Objects as text can say them, and whatever else JSON can. */
const events = (texts: Arbitrary<string>): Arbitrary<Input> =>
  fc
    .oneof(
      { weight: 9, arbitrary: texts.map((text) => JSON.parse(text) as Json) },
      { weight: 1, arbitrary: hostileJson },
    )
    .map((event) => ({ kind: "event", event }));
const eventBridge = (detail: Arbitrary<string>): Arbitrary<string> =>
  fc
    .tuple(
      detail,
      fc.oneof(
        constant('"hr.system"'),
        hostileJson.map((value) => JSON.stringify(value)),
      ),
    )
    .map(([text, source]) => `{"version":"0","detail-type":"left","source":${source},"detail":${text}}`);

const id = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .constantFrom(...LIVE_NAMES, "victim", "expired", "displaced")
      .map((name) => `{{id:${name}}}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("", "%00", "..", "session%23x", "A".repeat(43), "A".repeat(44), "a/b"),
  },
  { weight: 1, arbitrary: hostileText },
);

const cursorOf = (key: Json): string => Buffer.from(JSON.stringify(["byUser", key])).toString("base64url");
const madeUpCursor = fc
  .record({
    pk: fc.oneof(text("session#{{id:alice}}", "user#alice", ""), hostileJson),
    userId: fc.oneof(userId, hostileJson),
    createdAt: fc.oneof(fc.integer(), hostileJson),
  })
  .map(cursorOf);
const HUGE_CURSORS = ["1e999", "123456789012345678901234567890", "1e-200"].map((time) =>
  Buffer.from(`["byUser",{"pk":"session#x","userId":"alice","createdAt":${time}}]`).toString("base64url"),
);
const parameter = fc.oneof(
  { weight: 3, arbitrary: userId.map((user) => `userId=${encodeURIComponent(user.toWellFormed())}`) },
  {
    weight: 2,
    arbitrary: text("limit=1", "limit=100", "limit=0", "limit=1e1", "limit=", "limit=-1", "limit=\u0661"),
  },
  {
    weight: 2,
    arbitrary: text("cursor={{cursor:sessions}}", "cursor={{cursor:endings}}", "cursor=", "cursor=W10"),
  },
  { weight: 2, arbitrary: fc.oneof(madeUpCursor, text(...HUGE_CURSORS)).map((cursor) => `cursor=${cursor}`) },
  { weight: 1, arbitrary: fc.tuple(hostileText, hostileText).map(([name, value]) => `${name}=${value}`) },
);
const listQuery = fc.array(parameter, { maxLength: 3 }).map((parts) => parts.join("&"));

const activityCursor = fc
  .tuple(
    fc.oneof(text("everybody", "suspects", "user alice", "user {{id:alice}}"), hostileJson),
    fc.oneof(text("000001795427733#x", `${"9".repeat(15)}#`, "#", ""), hostileJson),
  )
  .map((parts) => `cursor=${Buffer.from(JSON.stringify(parts)).toString("base64url")}`);
const moment = fc.oneof(
  { weight: 3, arbitrary: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()) },
  {
    weight: 2,
    arbitrary: text(
      "0001-01-01T00:00:00Z",
      "9999-12-31T23:59:59.999%2B14:00",
      "2026-02-30T00:00:00Z",
      "1",
      "",
    ),
  },
  { weight: 1, arbitrary: hostileText },
);
const activityParameter = fc.oneof(
  { weight: 3, arbitrary: parameter },
  { weight: 2, arbitrary: moment.map((time) => `from=${time}`) },
  { weight: 2, arbitrary: moment.map((time) => `to=${time}`) },
  { weight: 2, arbitrary: text("kind=ended", "kind=started,denied", "kind=administered", "kind=", "kind=,") },
  { weight: 2, arbitrary: activityCursor },
);
const activityQuery = fc.array(activityParameter, { maxLength: 4 }).map((parts) => parts.join("&"));
const actQuery = fc
  .array(
    fc.oneof(
      text("dryRun=true", "dryRun=false", "dryRun=1", "reason=left", "reason=", "reason=%20", "reason=a%0Ab"),
      hostileText.map((value) => `reason=${value}`),
    ),
    { maxLength: 2 },
  )
  .map((parts) => parts.join("&"));

const INPUTS: Readonly<Record<LaneName, Arbitrary<Input>>> = {
  "login-password": requests({ method: post, path: constant("/login"), body: bodies(passwordLogin) }),
  "login-id-token": requests({ method: post, path: constant("/login"), body: bodies(idTokenLogin) }),
  "login-direct": events(objectTexts(trustedLogin)),
  "login-oidc": fc.oneof(oidcCallback, oidcBegin),
  logout: requests({ method: post, path: constant("/logout") }),
  validate: requests({ method: get, path: constant("/session") }),
  authorize: requests({ method: get, path: constant("/anything") }),
  "list-sessions": requests({
    method: get,
    path: text("/sessions", "/admin/sessions", "/admin/endings", "/v1/admin/sessions"),
    query: listQuery,
  }),
  activity: requests({
    method: get,
    path: text(
      "/admin/overview",
      "/admin/suspects",
      "/admin/activity",
      "/sessions/activity",
      "/v1/admin/activity",
    ),
    query: activityQuery,
  }),
  jobs: jobCalls,
  "end-session": requests({
    method: constant("DELETE"),
    path: fc.oneof(
      { weight: 1, arbitrary: constant("/sessions") },
      { weight: 2, arbitrary: id.map((one) => `/sessions/${one}`) },
      { weight: 1, arbitrary: id.map((one) => `/admin/sessions/${one}`) },
    ),
    query: actQuery,
  }),
  "end-session-direct": events(objectTexts(directEndSession)),
  "admin-logout": requests({
    ...{ method: post, path: constant("/admin/logout"), body: bodies(adminLogout) },
    credentials: administratorsCredentials,
  }),
  "admin-logout-direct": events(
    fc.oneof(objectTexts(directAdminLogout), eventBridge(objectTexts(directAdminLogout))),
  ),
};

const HANDLERS: Readonly<Partial<Record<LaneName, HandlerName>>> = {
  "login-password": "login",
  "login-id-token": "login",
  "login-direct": "login",
  "admin-logout-direct": "admin-logout",
  "end-session-direct": "end-session",
};

/** Wholly arbitrary events, with and without what makes an event one of API Gateway. */
const arbitraryEvents: Arbitrary<Input> = fc
  .tuple(fc.oneof(fc.jsonValue({ maxDepth: 3 }) as Arbitrary<Json>, hostileJson), fc.option(hostileJson))
  .map(([event, requestContext]) => ({
    kind: "event",
    event:
      requestContext !== null && typeof event === "object" && event !== null
        ? Object.assign({}, event, { requestContext })
        : event,
  }));

/**
 * Every lane: most inputs begin from what is valid, so that they get past the first check; some are wholly
 * arbitrary.
 */
export const LANES: readonly Lane[] = LANE_NAMES.map((name) => ({
  name,
  handler: HANDLERS[name] ?? (name as HandlerName),
  direct: name.endsWith("-direct"),
  inputs: fc.oneof({ weight: 19, arbitrary: INPUTS[name] }, { weight: 1, arbitrary: arbitraryEvents }),
}));
