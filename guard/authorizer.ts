import type { PolicyAuthorization, SimpleAuthorization } from "../src/http/authorization.ts";

/** The context that the authorizer gives to functions behind an HTTP API, for the types of an event. */
export type HttpApiSessionContext = Extract<SimpleAuthorization, { isAuthorized: true }>["context"];

/** The same behind REST and WebSocket APIs, where API Gateway makes text of every value. */
export type RestApiSessionContext = Readonly<
  Record<keyof Extract<PolicyAuthorization["context"], { userId: string }> | "principalId", string>
>;

/**
 * The event's authorizer context is not as the authorizer of this project gives it. The message says what to
 * check.
 */
export class AuthorizerContextError extends Error {
  override readonly name = "AuthorizerContextError";
}

/**
 * The session of a request that has passed the authorizer: `sessions.authorizer` of an HTTP API,
 * `createRestAuthorizer` of a REST API, or `createWebSocketAuthorizer` of a WebSocket API, in either payload
 * format. It asks no database: the authorizer has done so, at most its cache's time ago.
 *
 * Use it in functions that only the API invokes: a caller that may invoke a function itself may say what it
 * likes in an event.
 * @throws AuthorizerContextError where the event has no such context, with what to check.
 */
export function getSession(event: { readonly requestContext?: unknown }): HttpApiSessionContext {
  const context = contextOf(event);
  return {
    userId: textIn(context, "userId", (text) => text !== ""),
    sessionId: textIn(context, "sessionId", (text) => /^[\w-]{43}$/.test(text)),
    isAdmin: isAdminIn(context),
    permissions: permissionsIn(context),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function contextOf(event: unknown): Fields {
  const { requestContext } = asFields(event) ?? {};
  const fields = asFields(requestContext);
  if (fields === undefined) throw problem("the event is not API Gateway's: it has no requestContext");
  const authorizer = asFields(fields["authorizer"]);
  if (authorizer === undefined)
    throw problem("the request passed no authorizer. Give the route or method one of sessions' authorizers");
  const other = ["jwt", "iam", "claims"].find((kind) => kind in authorizer && !("userId" in authorizer));
  if (other !== undefined)
    throw problem(`the request passed another authorizer (${other}). Put one of sessions' in its place`);
  // Payload format 2.0 has a Lambda authorizer's context one level below.
  return asFields(authorizer["lambda"]) ?? authorizer;
}

function textIn(context: Fields, name: string, isRight: (text: string) => boolean): string {
  const { [name]: value } = context;
  if (typeof value === "string" && isRight(value)) return value;
  throw notOurs(name, value);
}

function isAdminIn({ isAdmin }: Fields): boolean {
  if (typeof isAdmin === "boolean") return isAdmin;
  // Truthiness is never guessed: "false" is a text too.
  if (isAdmin === "true" || isAdmin === "false") return isAdmin === "true";
  throw notOurs("isAdmin", isAdmin);
}

function permissionsIn({ permissions }: Fields): readonly string[] {
  const list = typeof permissions === "string" ? parsed(permissions) : permissions;
  if (Array.isArray(list) && list.every((one) => typeof one === "string")) return list;
  throw notOurs("permissions", permissions);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Values are not shown: a stranger's context may hold anything. */
const notOurs = (name: string, value: unknown): AuthorizerContextError =>
  problem(
    value === undefined
      ? `its context has no ${name}. Is the route's authorizer another one's?`
      : `${name} in its context is not as sessions' authorizers give it (found: ${typeof value}). Is the ` +
          "route's authorizer another one's, or does something in between change the event?",
  );

const problem = (what: string): AuthorizerContextError =>
  new AuthorizerContextError(`No session in the event: ${what} (docs: guides/protect-routes).`);

const asFields = (value: unknown): Fields | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
