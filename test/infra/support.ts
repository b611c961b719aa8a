import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { inject } from "vitest";
import {
  ACTIVITY,
  FUNCTION_IDS,
  JOBS,
  OUTBOX,
  PUSH_AUTHORIZE,
  RECOUNT,
  RUN_JOB,
} from "../../infra/function-ids.ts";
import { stackPropsFromContext } from "../../infra/settings/context-settings.ts";
import { resolveIntrinsics, type Reference } from "../../local/model/intrinsics.ts";
import { decodeSettings, type FunctionSettings } from "../../src/runtime/function-settings.ts";
import { SingleSession } from "../../infra/single-session.ts";
import type { SingleSessionProps } from "../../infra/single-session-props.ts";
import { SingleSessionStack, type SingleSessionStackProps } from "../../infra/single-session-stack.ts";

// CDK checks each template against CloudFormation's schemas, which takes seconds; one test of the app does it
// for all.
process.env["CDK_VALIDATION"] = "false";

/**
 * Leaves the functions' code out: most tests are not about it. Assets stay where they are, of which the layer
 * with the AWS CLI that deploys the console's pages has 22 MB, and no element records the stack trace of
 * its making.
 */
export const WITHOUT_CODE = {
  "aws:cdk:bundling-stacks": [],
  "aws:cdk:disable-asset-staging": true,
  "aws:cdk:disable-creation-stack-traces": true,
};

type Context = Readonly<Record<string, unknown>>;

/** An app whose output goes when the test run is through. */
export function newApp(context: Context): App {
  return new App({ context, outdir: mkdtempSync(join(inject("synthesisFolder"), "app-")) });
}

export interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DeletionPolicy?: string;
}

/** The app's own stack, without code: settings may come from the context. */
export function appStack(props: SingleSessionStackProps = {}, context: Context = {}): SingleSessionStack {
  const app = newApp({ ...WITHOUT_CODE, ...context });
  const { sessions, ...fromContext } = stackPropsFromContext(app);
  return new SingleSessionStack(app, "SingleSession", {
    ...fromContext,
    ...props,
    sessions: { ...sessions, ...props.sessions },
  });
}

/** The construct in a stack of somebody else's, without code. */
export function constructIn(props: SingleSessionProps = {}): {
  readonly stack: Stack;
  readonly sessions: SingleSession;
} {
  const stack = new Stack(newApp(WITHOUT_CODE), "Mine");
  return { stack, sessions: new SingleSession(stack, "Sessions", props) };
}

/** All resources of a type, by logical id. */
export function resourcesOf(stack: Stack, type: string): Record<string, Resource> {
  return Template.fromStack(stack).findResources(type) as Record<string, Resource>;
}

/** The one resource of a type whose logical id begins so. */
export function resourceOf(stack: Stack, type: string, idPrefix = ""): Resource & { readonly id: string } {
  const found = Object.entries(resourcesOf(stack, type)).filter(([id]) => id.startsWith(idPrefix));
  const [first, second] = found;
  if (!first || second) throw new Error(`${found.length} resources of type ${type} begin with ${idPrefix}`);
  return { id: first[0], ...first[1] };
}

/** All functions of sessions with every default. */
export const DEFAULT_FUNCTION_IDS = [
  ...FUNCTION_IDS,
  OUTBOX,
  PUSH_AUTHORIZE,
  ACTIVITY,
  RECOUNT,
  RUN_JOB,
  JOBS,
] as const;

/** The settings that a synthesized function is told, with stand-ins for what is known only at deployment. */
export function settingsOf(stack: Stack, idPrefix = "Sessionslogin"): Record<string, unknown> {
  const settings = resolveIntrinsics(
    settingsVariable(stack, idPrefix),
    { references: new Map(), hasStandIns: () => true },
    "settings",
  );
  return JSON.parse(settings as string) as Record<string, unknown>;
}

function settingsVariable(stack: Stack, idPrefix: string): unknown {
  const { Environment } = resourceOf(stack, "AWS::Lambda::Function", idPrefix).Properties as {
    Environment: { Variables: Record<string, unknown> };
  };
  return Environment.Variables["SINGLE_SESSION_SETTINGS"] ?? "null";
}

/** The permissions of API Gateway to invoke functions. */
export const gatewayPermissionsOf = (stack: Stack): Resource[] =>
  Object.values(resourcesOf(stack, "AWS::Lambda::Permission")).filter(
    ({ Properties }) => Properties["Principal"] === "apigateway.amazonaws.com",
  );

export const asList = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

/** What a function reads after a deployment in which the template's references have these values. */
export function deployedSettings(
  stack: Stack,
  values: Readonly<Record<string, Reference>>,
  idPrefix = "Sessionsvalidate",
): FunctionSettings {
  const settings = settingsVariable(stack, idPrefix);
  return decodeSettings(
    resolveIntrinsics(
      settings,
      { references: new Map(Object.entries(values)), hasStandIns: () => true },
      "settings",
    ) as string,
  );
}
