import type {
  APIGatewayProxyEventV2WithLambdaAuthorizer,
  APIGatewayProxyWithLambdaAuthorizerEvent,
} from "aws-lambda";
import { describe, expect, test } from "vitest";
import {
  AuthorizerContextError,
  getSession,
  type HttpApiSessionContext,
  type RestApiSessionContext,
} from "../../guard/authorizer.ts";
import { toAuthorization } from "../../src/http/authorization.ts";
import type { SessionId } from "../../src/sessions/token.ts";
import { CHROME, user } from "../support/store.ts";

const SESSION = {
  id: "A".repeat(43) as SessionId,
  user: user("corp:maria", { permissions: ["reports.read", 'with "quotes"'] }),
  identitySource: "corp",
  device: CHROME,
  era: "1",
  createdAt: 0,
  lastSeenAt: 0,
  idleExpiresAt: 1,
  expiresAt: 1,
};
const EXPECTED = {
  userId: "corp:maria",
  sessionId: SESSION.id,
  isAdmin: false,
  permissions: ["reports.read", 'with "quotes"'],
};

/** What our own authorizer answers, in the two forms that gateways take. */
const contextOf = (session: typeof SESSION, form: "simple" | "policy"): Record<string, unknown> => {
  const answer = form === "simple" ? { form } : { form, methodArn: "arn:aws:execute-api:x:y:z/stage/GET/" };
  const authorization = toAuthorization({ outcome: "live", session }, answer);
  return "context" in authorization ? authorization.context : {};
};

/** API Gateway makes text of each value of a REST or WebSocket API's context. */
const asText = (context: Record<string, unknown>) => ({
  principalId: "corp:maria",
  integrationLatency: 12,
  ...Object.fromEntries(Object.entries(context).map(([name, value]) => [name, String(value)])),
});

describe("the session of an event is read", () => {
  test.each([
    ["of an HTTP API", { lambda: contextOf(SESSION, "simple") }],
    ["of an HTTP API whose authorizer answers by policies", { lambda: contextOf(SESSION, "policy") }],
    ["of an HTTP API in payload format 1.0", contextOf(SESSION, "simple")],
    ["of a REST or WebSocket API", asText(contextOf(SESSION, "policy"))],
  ])("%s", (_, authorizer) => {
    expect(getSession({ requestContext: { authorizer } })).toEqual(EXPECTED);
  });

  test("of an administrator and of somebody without permissions, by either kind of API", () => {
    const session = { ...SESSION, user: user("root", { isAdmin: true }) };
    for (const authorizer of [{ lambda: contextOf(session, "simple") }, asText(contextOf(session, "policy"))])
      expect(getSession({ requestContext: { authorizer } })).toMatchObject({
        isAdmin: true,
        permissions: [],
      });
  });

  test("of the event types that people use", () => {
    const http = { requestContext: { authorizer: { lambda: contextOf(SESSION, "simple") } } };
    const rest = { requestContext: { authorizer: asText(contextOf(SESSION, "policy")) } };
    const typedHttp = http as unknown as APIGatewayProxyEventV2WithLambdaAuthorizer<HttpApiSessionContext>;
    const typedRest = rest as unknown as APIGatewayProxyWithLambdaAuthorizerEvent<RestApiSessionContext>;
    const isAdmin: boolean = typedHttp.requestContext.authorizer.lambda.isAdmin;
    const text: string = typedRest.requestContext.authorizer.isAdmin;
    expect([isAdmin, text]).toEqual([false, "false"]);
    expect(getSession(typedHttp)).toEqual(getSession(typedRest));
  });
});

describe("an event without a session is an error that says what to check:", () => {
  const right = contextOf(SESSION, "simple");
  const wrong: readonly (readonly [unknown, string])[] = [
    [{}, "not API Gateway's"],
    [null, "not API Gateway's"],
    [{ requestContext: "x" }, "not API Gateway's"],
    [{ requestContext: {} }, "passed no authorizer"],
    [{ requestContext: { authorizer: null } }, "passed no authorizer"],
    [{ requestContext: { authorizer: { jwt: { claims: { sub: "x" } } } } }, "another authorizer (jwt)"],
    [{ requestContext: { authorizer: { iam: {} } } }, "another authorizer (iam)"],
    [{ requestContext: { authorizer: { claims: { sub: "x" } } } }, "another authorizer (claims)"],
    [{ requestContext: { authorizer: { lambda: {} } } }, "no userId"],
    [{ requestContext: { authorizer: { lambda: null } } }, "no userId"],
    [{ requestContext: { authorizer: { principalId: "x" } } }, "no userId"],
    [{ requestContext: { authorizer: { code: "session_expired" } } }, "no userId"],
  ];
  test.each(wrong)("%j", (event, said) => {
    const read = () => getSession(event as object);
    expect(read).toThrow(AuthorizerContextError);
    expect(read).toThrow(said);
  });

  test.each([
    ["userId", ""],
    ["userId", 5],
    ["sessionId", "short"],
    ["sessionId", undefined],
    ["isAdmin", "yes"],
    ["isAdmin", 1],
    ["isAdmin", "TRUE"],
    ["isAdmin", null],
    ["permissions", "reports.read"],
    ["permissions", "{}"],
    ["permissions", "[5]"],
    ["permissions", [5]],
    ["permissions", undefined],
  ])("%s is %j, which the message does not repeat", (name, value) => {
    const read = () =>
      getSession({ requestContext: { authorizer: { lambda: { ...right, [name]: value } } } });
    expect(read).toThrow(AuthorizerContextError);
    expect(read).toThrow(name);
    if (typeof value === "string" && value.length > 3) expect(read).not.toThrow(`"${value}"`);
  });
});
