import { Template as CdkTemplate } from "aws-cdk-lib/assertions";
import { beforeAll, describe, expect, test } from "vitest";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { startDynamoDbProxy, type DynamoDbProxy } from "../support/dynamodb-proxy.ts";
import { addDemoUsers } from "../support/http-client.ts";
import { deniedBy, unusedIn } from "../support/iam/evaluate.ts";
import { makeEveryBoundRequest } from "../support/iam/every-bound-request.ts";
import {
  makeEveryOidcRequest,
  makeEveryRequest,
  routesNotCalled,
  type DrivenStack,
} from "../support/iam/every-request.ts";
import { requestsToStart } from "../support/iam/job-requests.ts";
import { recordOutboxRequests, requestsToTargets } from "../support/iam/outbox-requests.ts";
import { iamRequestsOf, shapesOf, type IamRequest } from "../support/iam/requests.ts";
import { rolesIn, type Role, type Statement, type Template } from "../support/iam/roles.ts";
import { startTestStack } from "../support/local-stack.ts";
import { API_AUDIENCE, makeCertificate, TestProvider } from "../support/oidc-provider.ts";
import { startStackTrusting } from "../support/stack-in-process.ts";
import { TEMPLATE_VARIANTS, type SignInWay, type TemplateVariant } from "../support/template-variants.ts";

/**
 * The requests that the functions really make are recorded, and evaluated against the synthesized roles by an
 * implementation of IAM that is not ours (`@cloud-copilot/iam-simulate`). A denial fails here, and so does a
 * grant that no request needs.
 */

const POLICY = { sessionLimit: "2", atLimit: "ask" };

/** A request of a function, and how people sign in at the stack it is of. */
type Recorded = IamRequest & { readonly way: SignInWay };

const recorded: Recorded[] = [];

beforeAll(async () => {
  recorded.push(...(await recordPasswords()), ...(await recordOidc("oidc")));
  recorded.push(...(await recordOidc("access-tokens")), ...(await recordOidc("access-tokens-by-login")));
  recorded.push(...(await recordOutbox()));
}, 400_000);

async function recordPasswords(): Promise<Recorded[]> {
  const proxy = await startDynamoDbProxy(testDatabaseEndpoint());
  const stack = await startTestStack({ context: POLICY, databaseEndpoint: proxy.endpoint });
  try {
    await addDemoUsers(stack);
    await makeEveryRequest(stack);
    return requestsSeen(proxy, stack, "passwords");
  } finally {
    await stack.stop();
    await proxy.stop();
  }
}

async function recordOidc(way: Exclude<SignInWay, "passwords">): Promise<Recorded[]> {
  const certificate = await makeCertificate();
  const provider = await TestProvider.start(certificate);
  const proxy = await startDynamoDbProxy(testDatabaseEndpoint());
  const { issuer, jwksUri } = provider;
  const admit = way === "access-tokens" ? "first-use" : "login";
  const accessTokens = way === "oidc" ? false : { audience: API_AUDIENCE, admit };
  const identity = [{ oidc: { name: "corp", issuer, jwksUri, clientId: "single-session", accessTokens } }];
  const atLimit = way === "access-tokens" ? "displace" : POLICY.atLimit;
  const context = { ...POLICY, atLimit, console: "false", identity: JSON.stringify(identity) };
  const stack = await startStackTrusting(certificate.cert, context, proxy.endpoint);
  try {
    provider.redirectUris = [`${stack.url}/login/oidc/callback`];
    provider.restart();
    const isCounted = (): boolean =>
      requestsSeen(proxy, stack, way).some(
        ({ functionId, action, table }) =>
          functionId.includes("loginoidc") && action === "dynamodb:UpdateItem" && table.includes("activity"),
      );
    if (way === "oidc") await makeEveryOidcRequest(stack, provider, isCounted);
    else await makeEveryBoundRequest(stack, provider);
    return requestsSeen(proxy, stack, way);
  } finally {
    await stack.stop();
    await proxy.stop();
    await provider.stop();
  }
}

async function recordOutbox(): Promise<Recorded[]> {
  const { Resources } = templateOf(TEMPLATE_VARIANTS[0]!);
  const idOf = (shape: RegExp): string => Object.keys(Resources).find((id) => shape.test(id)) ?? "";
  const requests = await recordOutboxRequests(idOf(/^Sessionsoutbox[0-9A-F]{8}$/), {
    sessions: idOf(/^Sessionssessionstable/),
    activity: idOf(/^Sessionsactivitytable/),
  });
  return requests.map((request) => ({ ...request, way: "passwords" }));
}

/**
 * One request of each shape. Functions sign with their logical ids; what the test itself asks is left out.
 */
function requestsSeen(proxy: DynamoDbProxy, { tables }: DrivenStack, way: SignInWay): Recorded[] {
  const tableIds = new Map(
    Object.entries(tables).flatMap(([id, name]) => (name.startsWith(id) ? [[name, id]] : [])),
  );
  const requests = proxy.answered
    .filter(({ accessKeyId = "" }) => accessKeyId.startsWith(OURS))
    .flatMap(iamRequestsOf)
    .map((request) => ({ ...request, table: tableIds.get(request.table) ?? request.table }));
  return shapesOf(requests).map((request) => ({ ...request, way }));
}

/** Logical ids in the app's stack begin with that of the construct. */
const OURS = "Sessions";

/**
 * What a variant's function asks: of the tables that the variant has, and for sign-ins in the ways that it
 * has.
 */
function requestsOf(role: Role, template: Template, { ways }: TemplateVariant): IamRequest[] {
  const elsewhere =
    role.name === "outbox"
      ? requestsToTargets(role, template)
      : role.name === "jobs"
        ? requestsToStart(role, template)
        : [];
  const asked = recorded.filter(
    ({ functionId, table, way }) =>
      functionId === role.functionId &&
      table in template.Resources &&
      (ways.includes(way) || (!/signin|users/i.test(table) && !way.startsWith("access-tokens"))),
  );
  return [...asked, ...elsewhere];
}

/** The authorizer of push knows all that it needs from its event. */
const ASKS_NOTHING = "push-authorize";

const templates = new Map<TemplateVariant, Template>();

function templateOf(variant: TemplateVariant): Template {
  const template =
    templates.get(variant) ?? (CdkTemplate.fromStack(variant.make()).toJSON() as unknown as Template);
  templates.set(variant, template);
  return template;
}

test("every route was called, so that no function's requests are missing", () => {
  expect(routesNotCalled()).toEqual([]);
});

describe.each(TEMPLATE_VARIANTS)("the roles of the template $name", (variant) => {
  test("allow every request of their functions, and nothing that none of them needs", async () => {
    const template = templateOf(variant);
    const roles = rolesIn(template);
    expect(roles.length).toBeGreaterThanOrEqual(7);
    for (const role of roles) {
      const requests = requestsOf(role, template, variant);
      if (role.name !== ASKS_NOTHING) expect(requests, role.name).not.toEqual([]);
      expect(await deniedBy(role, requests)).toEqual([]);
      expect(unusedIn(role, requests)).toEqual([]);
    }
  });
});

describe("a role that is not right is caught:", () => {
  const [asItComes] = TEMPLATE_VARIANTS as [TemplateVariant];
  const template = templateOf(asItComes);
  const roleOf = (wanted: string): Role => rolesIn(template).find(({ name }) => name === wanted)!;
  const requestsFor = (role: Role): IamRequest[] => requestsOf(role, template, asItComes);

  /** The role with the statement that grants an action changed. */
  function changed(name: string, action: string, change: (statement: Statement) => Statement): Role {
    const role = roleOf(name);
    const grants = ({ Action }: Statement) => [Action].flat().includes(`dynamodb:${action}`);
    expect(role.statements.some(grants)).toBe(true);
    return { ...role, statements: role.statements.map((one) => (grants(one) ? change(one) : one)) };
  }

  const withKeys = (keys: readonly string[]) => (statement: Statement) => ({
    ...statement,
    Condition: { ...statement.Condition, "ForAllValues:StringLike": { "dynamodb:LeadingKeys": keys } },
  });

  test("an action less is a denial", async () => {
    const role = changed("logout", "DeleteItem", (statement) => ({ ...statement, Action: "dynamodb:Query" }));
    const denied = await deniedBy(role, requestsFor(role));
    expect(denied).not.toEqual([]);
    for (const one of denied) expect(one).toMatch(/^logout: dynamodb:DeleteItem on Sessionssessionstable/);
  });

  test("another table is a denial", async () => {
    const [usersTable = ""] = Object.keys(template.Resources).filter((id) => id.includes("userstable"));
    const role = changed("list-sessions", "BatchGetItem", (statement) => ({
      ...statement,
      Resource: `arn:aws:dynamodb:eu-central-1:123456789012:table/${usersTable}`,
    }));
    expect(await deniedBy(role, requestsFor(role))).not.toEqual([]);
  });

  test.each([
    ["logout", "PutItem", ["user#*"]],
    ["login", "DeleteItem", ["user#*"]],
    ["admin-logout", "BatchWriteItem", ["session#*"]],
    ["validate", "UpdateItem", ["ended#*"]],
  ])("the wrong keys are a denial: %s, %s on %j", async (name, action, keys) => {
    const role = changed(name, action, withKeys(keys));
    expect(await deniedBy(role, requestsFor(role))).not.toEqual([]);
  });

  test("an attribute less is a denial", async () => {
    const role = changed("validate", "UpdateItem", (statement) => ({
      ...statement,
      Condition: {
        ...statement.Condition,
        "ForAllValues:StringEquals": { "dynamodb:Attributes": ["pk", "lastSeenAt"] },
      },
    }));
    // A touch writes more where a token comes from another place, and where it is suspected.
    expect(await deniedBy(role, requestsFor(role))).toHaveLength(3);
  });

  test.each([
    ["an action", ["dynamodb:Scan"], "Scan"],
    ["two actions with a wildcard", ["dynamodb:Scan", "dynamodb:Delete*"], "Delete\\*"],
  ])("%s more is a grant that nothing needs", (_, actions, named) => {
    const role = changed("login", "GetItem", (statement) => ({
      ...statement,
      Action: [...[statement.Action].flat(), ...actions],
    }));
    expect(unusedIn(role, requestsFor(role)).join()).toMatch(new RegExp(`login: dynamodb:${named} on`));
  });

  test.each([
    ["logout", "PutItem", ["user#*", "ended#*", "session#*"], "session#*"],
    ["admin-logout", "BatchWriteItem", ["session#*", "ended#*", "user#*"], "user#*"],
  ])("a kind of item more is a grant that nothing needs: %s, %s", (name, action, keys, named) => {
    const role = changed(name, action, withKeys(keys));
    expect(unusedIn(role, requestsFor(role))).toEqual([
      expect.stringContaining(`where dynamodb:LeadingKeys is ${named}`),
    ]);
  });

  test("a statement more is a grant that nothing needs", () => {
    const role = roleOf("validate");
    const all: Statement = { Effect: "Allow", Action: "dynamodb:PutItem", Resource: "*" };
    const wider = { ...role, statements: [...role.statements, all] };
    expect(unusedIn(wider, requestsFor(role))).toEqual(["validate: dynamodb:PutItem on *"]);
  });
});

describe("a function that is taken over", () => {
  const template = templateOf(TEMPLATE_VARIANTS[0]!);
  const attempt = async (name: string, action: string, keys: readonly string[], attributes?: string[]) => {
    const role = rolesIn(template).find((one) => one.name === name)!;
    const [table = ""] = Object.keys(template.Resources).filter((id) => id.includes("sessionstable"));
    const request: IamRequest = {
      functionId: role.functionId,
      action: `dynamodb:${action}`,
      table,
      context: {
        ...(keys.length > 0 && { "dynamodb:LeadingKeys": [...keys] }),
        ...(attributes && { "dynamodb:Attributes": attributes }),
      },
    };
    return (await deniedBy(role, [request])).length === 0 ? "allowed" : "denied";
  };

  test.each([
    "logout",
    "end-session",
    "validate",
    "authorize",
    "list-sessions",
    "admin-logout",
    "outbox",
    "jobs",
  ])("cannot create a session where it is %s", async (name) => {
    const session = ["pk", "userId", "idleExpiresAt", "expiresAt"];
    expect(await attempt(name, "PutItem", ["session#x"], session)).toBe("denied");
    expect(await attempt(name, "UpdateItem", ["session#x"], session)).toBe("denied");
    expect(await attempt(name, "BatchWriteItem", ["session#x"], session)).toBe("denied");
  });

  test.each(["login", "logout", "end-session", "admin-logout", "outbox"])(
    "cannot delete a roster, an ending or whatever else where it is %s",
    async (name) => {
      for (const key of ["user#alice", "ended#x", "other"]) {
        expect(await attempt(name, "DeleteItem", [key], ["pk"])).toBe("denied");
      }
      expect(await attempt(name, "BatchWriteItem", ["session#x", "user#alice"], ["pk"])).toBe("denied");
    },
  );

  test("gets nothing by a request without the key that its condition is about", async () => {
    expect(await attempt("logout", "PutItem", ["user#alice"])).toBe("allowed");
    expect(await attempt("logout", "PutItem", [])).toBe("denied");
    expect(await attempt("admin-logout", "BatchWriteItem", ["session#x"])).toBe("denied");
  });
});
