import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { afterEach, describe, expect, it, vi } from "vitest";
import { readAppSettings } from "../../infra/app-settings.ts";
import { constructIn, appStack, settingsOf, WITHOUT_CODE } from "./support.ts";

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
    expect(Object.keys(outputs).sort()).toEqual([
      "AdminLogoutFunctionName",
      "ApiUrl",
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

describe("the construct", () => {
  it("takes a prop before the environment before the context", () => {
    const context = { logoutAllSessions: "yes" };
    expect(settingsOf(constructIn({}, context).stack)).toMatchObject({ logoutAllSessions: true });
    vi.stubEnv("LOGOUT_ALL_SESSIONS", "no");
    expect(settingsOf(constructIn({}, context).stack)).toMatchObject({ logoutAllSessions: false });
    expect(settingsOf(constructIn({ logoutAllSessions: true }, context).stack)).toMatchObject({
      logoutAllSessions: true,
    });
  });

  it("leaves context alone that is its user's own", () => {
    expect(() => constructIn({}, { environment: "production" })).not.toThrow();
  });

  it("refuses a prop that it does not have", () => {
    expect(() => constructIn({ sesionLimit: 2 } as object)).toThrow("sesionLimit (prop) is not a setting");
  });
});
