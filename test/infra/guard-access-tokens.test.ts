import { setTimeout as sleep } from "node:timers/promises";
import { Template as CdkTemplate } from "aws-cdk-lib/assertions";
import { Role as IamRole, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { expect, it } from "vitest";
import { accessTokens } from "../../guard/access-tokens.ts";
import { createGuard } from "../../guard/index.ts";
import { startBound } from "../guard/bound-support.ts";
import { guardEnvironment } from "../guard/support.ts";
import { cognitoSource, POOL, POOL_CLIENT } from "../support/access-tokens.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { startDynamoDbProxy } from "../support/dynamodb-proxy.ts";
import { deniedBy, unusedIn } from "../support/iam/evaluate.ts";
import { iamRequestsOf, shapesOf } from "../support/iam/requests.ts";
import { rolesIn, type Template } from "../support/iam/roles.ts";
import { logIn } from "../support/store.ts";
import { constructIn, resourcesOf } from "./support.ts";

it("may do all that a guard with access tokens does, and no more", async () => {
  const { stack, sessions } = constructIn({
    identity: [{ cognito: { userPoolId: POOL, clientId: POOL_CLIENT, accessTokens: true } }],
  });
  const assumedBy = new ServicePrincipal("lambda.amazonaws.com");
  sessions.protect(
    new LambdaFunction(stack, "Reports", {
      runtime: Runtime.NODEJS_24_X,
      handler: "index.handler",
      code: Code.fromInline("exports.handler = () => undefined"),
      // By which `rolesIn` finds it.
      description: "Single session: reports",
      role: new IamRole(stack, "ReportsRole", { assumedBy }),
    }),
  );
  const template = CdkTemplate.fromStack(stack).toJSON() as unknown as Template;
  const role = rolesIn(template).find(({ name }) => name === "reports")!;
  const tables = Object.keys(resourcesOf(stack, "AWS::DynamoDB::Table"));
  const logicalId = (part: string) => tables.find((id) => id.toLowerCase().includes(part))!;

  const proxy = await startDynamoDbProxy(testDatabaseEndpoint());
  const { signer, world, admit } = await startBound();
  // Idle almost at once, so that a check records activity.
  const settings = {
    timeouts: { idle: 10_000, absolute: 43_200_000 },
    accessTokens: { sources: [cognitoSource()], signInTable: world.signInTable },
  };
  const environment = guardEnvironment(world.sessionsTable, settings, proxy.endpoint);
  const guard = createGuard({
    environment,
    accessTokens: accessTokens({ newJwksCache: () => signer.newJwksCache() }),
  });
  const first = await signer.cognito({ origin_jti: "1" });
  const check = () => guard.check({ authorization: `Bearer ${first}` });
  expect(await check()).toMatchObject({ problem: { code: "session_unknown" } });
  await admit(first);
  await sleep(1500);
  expect(await check()).toMatchObject({ outcome: "live" });
  await admit(await signer.cognito({ origin_jti: "2" }));
  expect(await check()).toMatchObject({ problem: { code: "session_displaced" } });
  // A session token of ours beside them, of a session that has ended.
  const { store } = world.another({ clock: Date.now });
  const { token } = await logIn(store, "alice");
  await logIn(store, "alice");
  expect(await guard.check({ authorization: `Bearer ${token.reveal()}` })).toMatchObject({
    problem: { code: "session_displaced" },
  });
  const requests = shapesOf(proxy.answered.flatMap(iamRequestsOf)).map((request) => ({
    ...request,
    table: logicalId(request.table === world.signInTable ? "signin" : "sessionstable"),
  }));
  await proxy.stop();
  expect(new Set(requests.map(({ action }) => action))).toEqual(
    new Set(["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem"]),
  );
  expect(await deniedBy(role, requests)).toEqual([]);
  // A token that is used from two places takes minutes to be seen: test/stack/iam.test.ts asks for it.
  const unused = unusedIn(role, requests).map((line) => line.replace(/^.* where /, ""));
  expect(unused.sort()).toEqual(["place", "suspectedAt"].map((name) => `dynamodb:Attributes is ${name}`));
});
