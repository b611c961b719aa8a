import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);

/** Somebody's own CDK app, as the README shows it. */
const APP = `
import { App, CfnOutput, Stack } from "aws-cdk-lib";
import { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { SingleSession } from "serverless-single-session";

const app = new App();
const stack = new Stack(app, "Mine");
const sessions = new SingleSession(stack, "Sessions", { singleUserSession: "./policy.ts#policy" });
const api = new HttpApi(stack, "Api");
sessions.addRoutes(api);
new CfnOutput(stack, "Url", { value: api.url ?? "" });
`;
const POLICY = `
import type { SessionPolicyFunction } from "serverless-single-session";
export const policy: SessionPolicyFunction = (user) => !user.isAdmin;
`;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "package-"));
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder]);
  const [packed] = Object.values(JSON.parse(stdout) as Record<string, { filename: string }>);
  await run("tar", ["-xzf", join(folder, packed!.filename), "-C", folder]);
  // What npm would install beside it.
  await mkdir(join(folder, "node_modules"));
  for (const name of await readdir("node_modules")) {
    if (!name.startsWith("."))
      await symlink(join(process.cwd(), "node_modules", name), join(folder, "node_modules", name));
  }
  await run("mv", [join(folder, "package"), join(folder, "node_modules", "serverless-single-session")]);
  await writeFile(join(folder, "app.mjs"), APP);
  await writeFile(join(folder, "policy.ts"), POLICY);
}, 240_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test("the packed package works as a construct in somebody's own CDK app, with a policy function of theirs", async () => {
  const out = join(folder, "cdk.out");
  await run(process.execPath, ["app.mjs"], { cwd: folder, env: { ...process.env, CDK_OUTDIR: out } });
  const template = JSON.parse(await readFile(join(out, "Mine.template.json"), "utf8")) as {
    Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
  };
  const types = Object.values(template.Resources).map(({ Type: type }) => type);
  expect(types.filter((type) => type === "AWS::Lambda::Function").length).toBeGreaterThanOrEqual(7);
  expect(types).toContain("AWS::ApiGatewayV2::Route");
  const bundles = await Promise.all(
    (await readdir(out))
      .filter((name) => name.startsWith("asset."))
      .map((name) => readFile(join(out, name, "index.mjs"), "utf8")),
  );
  expect(bundles.some((bundle) => bundle.includes("!user.isAdmin"))).toBe(true);
}, 240_000);

test("the packed package's types check a policy function, and refuse one that is wrong", async () => {
  const check = (file: string) =>
    run(
      join(process.cwd(), "node_modules", ".bin", "tsc"),
      ["--noEmit", "--strict", "--module", "nodenext", "--skipLibCheck", "--types", "node", file],
      { cwd: folder },
    );
  await expect(check("policy.ts")).resolves.toMatchObject({ stdout: "" });
  await writeFile(join(folder, "wrong.ts"), POLICY.replace("!user.isAdmin", '"one"'));
  await expect(check("wrong.ts")).rejects.toMatchObject({
    stdout: expect.stringContaining("TS2322") as string,
  });
}, 120_000);
