import { CfnOutput, Stack } from "aws-cdk-lib";
import { RestApi, type IResource, type IRestApi, type Stage } from "aws-cdk-lib/aws-apigateway";
import { HttpApi, type IHttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { Construct } from "constructs";
import { STACK_OUTPUT_VERSION, type StackOutput } from "../src/runtime/stack-output.ts";

/**
 * Tells operators' commands of a construct: one output of its stack, which `cli/place.ts` finds by its shape.
 */
export function addOperatorsOutput(
  scope: Construct,
  values: Omit<StackOutput, "singleSession" | "construct">,
): void {
  const output: StackOutput = {
    singleSession: STACK_OUTPUT_VERSION,
    construct: pathInStack(scope),
    ...values,
  };
  new CfnOutput(scope, "Operators", {
    description: "Single session: where the operators' commands find tables and functions",
    value: Stack.of(scope).toJsonString(output),
  });
}

/**
 * Where an API answers by its own host, as far as this stack can tell: to name another stack's would make
 * each of them need the other.
 * @param under where the routes of a REST API are.
 */
export function addressOf(
  scope: Construct,
  api: HttpApi | IHttpApi | RestApi | IRestApi,
  under?: IResource,
): string | undefined {
  if (!Construct.isConstruct(api) || Stack.of(api) !== Stack.of(scope)) return undefined;
  if (api instanceof RestApi) {
    // Until it is set, where `deploy` is off.
    const stage = api.deploymentStage as Stage | undefined;
    return stage && api.urlForPath(under?.path);
  }
  if (!(api instanceof HttpApi) || api.disableExecuteApiEndpoint === true) return undefined;
  return api.defaultStage && api.apiEndpoint;
}

function outermostStack(scope: Construct): Stack {
  let stack = Stack.of(scope);
  while (stack.nestedStackParent) stack = stack.nestedStackParent;
  return stack;
}

/**
 * A name that nothing else in an account and Region has, for what needs one that is known at the synth:
 * letters, digits and hyphens.
 */
export const accountWideName = (scope: Construct): string =>
  `${outermostStack(scope).stackName}-${pathInStack(scope)}`.replaceAll(/[^\w-]/g, "-");

/** Below the outermost stack, so that constructs in different nested stacks have different paths. */
export function pathInStack(scope: Construct): string {
  const stack = outermostStack(scope);
  const { scopes } = scope.node;
  return scopes
    .slice(scopes.indexOf(stack) + 1)
    .map(({ node }) => node.id)
    .join("/");
}
