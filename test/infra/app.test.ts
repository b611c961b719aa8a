import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { afterEach, describe, expect, it, vi } from "vitest";
import { readAppSettings } from "../../infra/settings/app-settings.ts";
import { settingsFromContext } from "../../infra/settings/context-settings.ts";
import { SingleSessionStack } from "../../infra/single-session-stack.ts";
import type { SingleSessionProps } from "../../infra/single-session-props.ts";
import { SingleSession } from "../../infra/single-session.ts";
import { constructIn, appStack, newApp, settingsOf, WITHOUT_CODE } from "./support.ts";

const folders: string[] = [];

afterEach(() => {
  vi.unstubAllEnvs();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

interface Run {
  readonly status: number | null;
  readonly stderr: string;
  readonly outdir: string;
}

/** Runs the app as the CDK CLI does: context and output folder come in the environment. */
function runApp(context: Record<string, unknown>, environment: Record<string, string> = {}): Run {
  const outdir = mkdtempSync(join(tmpdir(), "cdk-out-"));
  folders.push(outdir);
  const { status, stderr } = spawnSync(process.execPath, ["infra/app.ts"], {
    encoding: "utf8",
    env: {
      ...process.env,
      ...environment,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ ...WITHOUT_CODE, ...context }),
    },
  });
  return { status, stderr, outdir };
}

const cdkJson = JSON.parse(readFileSync("cdk.json", "utf8")) as {
  app: string;
  context: Record<string, unknown>;
};

describe("the app", () => {
  it("synthesizes what is valid CloudFormation with the context of cdk.json, which says what the defaults are", () => {
    const { status, stderr, outdir } = runApp(cdkJson.context, { CDK_VALIDATION: "true" });
    expect(stderr).toBe("");
    expect(status).toBe(0);
    const written: unknown = JSON.parse(readFileSync(join(outdir, "SingleSession.template.json"), "utf8"));
    expect(written).toEqual(Template.fromStack(appStack({}, {})).toJSON());
  });

  it.each([
    [{ idleTimeout: "30x" }, {}, 'idleTimeout (context) is "30x"'],
    [{}, { SINGLE_USER_SESSION: "./none.ts#rule" }, 'SINGLE_USER_SESSION (environment) is "./none.ts#rule"'],
  ])(
    "given %j and %j fails with the message alone, and writes no template",
    (context, environment, message) => {
      const { status, stderr, outdir } = runApp(context, environment);
      expect(status).toBe(1);
      expect(stderr).toMatch(/^SettingError: .*\. Accepted: .*\.\n$/);
      expect(stderr).toContain(message);
      expect(existsSync(join(outdir, "manifest.json"))).toBe(false);
    },
  );

  it("calls the stack as asked, and lets everything go where it is a throwaway", () => {
    const { outdir } = runApp({ stackName: "Trial", removeOnDestroy: "yes" });
    const manifest = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as {
      artifacts: Record<string, { properties: { stackName?: string } }>;
    };
    expect(manifest.artifacts["SingleSession"]?.properties.stackName).toBe("Trial");
    const template = readFileSync(join(outdir, "SingleSession.template.json"), "utf8");
    expect(template).not.toContain('"Retain"');
    expect(template).not.toContain('"DeletionProtectionEnabled": true');
  });
});

describe("the app's own settings", () => {
  it.each([
    [{ idleTimout: "30m" }, "idleTimout (context) is not a setting. Accepted: singleUserSession, "],
    [{ LOGOUT_ALL: true }, "LOGOUT_ALL (context) is not a setting. Accepted: "],
    [{ stackName: "1st" }, 'stackName (context) is "1st". Accepted: a letter, then'],
    [{ stackName: 7 }, "stackName (context) is 7. Accepted: a letter, then"],
    [{ removeOnDestroy: "perhaps" }, 'removeOnDestroy (context) is "perhaps". Accepted: true'],
  ])("refuse %j", (context, message) => {
    expect(() => readAppSettings(context)).toThrow(message);
  });

  it("take CDK's own context and feature flags for what they are", () => {
    const context = { "@aws-cdk/core:stackRelativeExports": true, "acknowledged-issue-numbers": [1] };
    expect(
      readAppSettings({ ...(new App().node.getAllContext() as object), ...WITHOUT_CODE, ...context }),
    ).toEqual({
      stackName: "SingleSession",
      removeOnDestroy: false,
    });
  });
});

describe("the stack", () => {
  it("tells under fixed names where the API, the tables and the functions for direct invocation are", () => {
    const outputs = Template.fromStack(appStack()).findOutputs("*");
    const readable = Object.keys(outputs).filter((key) => !key.startsWith("SessionsOperators"));
    expect(readable.sort()).toEqual([
      "AdminLogoutFunctionName",
      "ApiUrl",
      "AuthorizeFunctionArn",
      "ConsoleUrl",
      "Era",
      "LoginFunctionName",
      "SessionsTableName",
      "SignInTableName",
      "UsersTableName",
    ]);
  });

  it("has no output for a directory that there is not", () => {
    expect(Template.fromStack(appStack({}, { identity: [] })).findOutputs("*")).not.toHaveProperty(
      "UsersTableName",
    );
  });

  it("passes the sessions' props on", () => {
    expect(settingsOf(appStack({ sessions: { sessionLimit: 4 } }))).toMatchObject({ policy: { limit: 4 } });
  });
});

const OF_SOMEBODY_ELSES_APP = {
  identity: "corp",
  era: "bronze",
  sessionLimit: "many",
  singleUserSession: "./none.ts#rule",
  SINGLE_USER_SESSION: "perhaps",
  allowedOrigins: "*",
  publicOrigin: 7,
  timeouts: "AAL9",
  console: "maybe",
  environment: "production",
};

describe.each([
  ["the construct", (scope: Stack) => new SingleSession(scope, "Sessions")],
  ["the stack", (scope: Stack) => new SingleSessionStack(scope, "Nested")],
])("%s in somebody else's app", (_, make) => {
  const templateIn = (context: object): unknown => {
    const app = newApp({ ...WITHOUT_CODE, ...context });
    const made = make(new Stack(app, "Mine"));
    return Template.fromStack(Stack.of(made)).toJSON();
  };

  it("is the same whatever the context and the environment of that app have under our names", () => {
    const expected = templateIn({});
    vi.stubEnv("SINGLE_USER_SESSION", "./none.ts#rule");
    vi.stubEnv("LOGOUT_ALL_SESSIONS", "no");
    expect(templateIn(OF_SOMEBODY_ELSES_APP)).toEqual(expected);
  });
});

describe("settingsFromContext", () => {
  const settingsIn = (context: object, props: SingleSessionProps = {}, environment = {}) => {
    const stack = new Stack(newApp({ ...WITHOUT_CODE, ...context }), "Mine");
    new SingleSession(stack, "Sessions", { ...settingsFromContext(stack, environment), ...props });
    return settingsOf(stack);
  };

  it("gives what the environment says before what the context says, and props beside it win", () => {
    const context = { logoutAllSessions: "yes", era: "7", idleTimeout: null };
    expect(settingsIn(context)).toMatchObject({ logoutAllSessions: true, era: "7" });
    const environment = { LOGOUT_ALL_SESSIONS: "no" };
    expect(settingsIn(context, {}, environment)).toMatchObject({ logoutAllSessions: false, era: "7" });
    expect(settingsIn(context, { logoutAllSessions: true }, environment)).toMatchObject({
      logoutAllSessions: true,
    });
  });

  it("lets errors name the source that the value came from, also where props stand beside it", () => {
    const idleTimeout = "30x";
    expect(() => settingsIn({ idleTimeout })).toThrow('idleTimeout (context) is "30x"');
    expect(() => settingsIn({ idleTimeout }, { era: "2" })).toThrow('idleTimeout (context) is "30x"');
    expect(() => settingsIn({ idleTimeout }, { idleTimeout: "31x" })).toThrow('idleTimeout (prop) is "31x"');
    expect(() => settingsIn({}, {}, { SINGLE_USER_SESSION: "ja" })).toThrow(
      'SINGLE_USER_SESSION (environment) is "ja"',
    );
  });

  it("lets the first source that says anything of the policy decide alone", () => {
    const environment = { SINGLE_USER_SESSION: "false" };
    expect(settingsIn({ sessionLimit: 3 }, {}, environment)).toMatchObject({ policy: { limit: 30 } });
    expect(settingsIn({}, { sessionLimit: 4 }, environment)).toMatchObject({ policy: { limit: 4 } });
  });
});

describe("the construct", () => {
  it("refuses a prop that it does not have", () => {
    expect(() => constructIn({ sesionLimit: 2 } as object)).toThrow("sesionLimit (prop) is not a setting");
  });
});
