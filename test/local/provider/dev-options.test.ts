import { expect, test } from "vitest";
import { banner } from "../../../local/banner.ts";
import { devProgram } from "../../../local/dev/program.ts";
import type { LocalStack } from "../../../local/stack.ts";

/** What `dev` says of a call that cannot be right. */
async function refusalOf(args: readonly string[]): Promise<string> {
  const program = devProgram().configureOutput({ writeErr: () => undefined });
  return program.parseAsync(["node", "dev", ...args]).then(
    () => "it started",
    (error: unknown) => (error as Error).message,
  );
}

test.each([
  ["=admin", "A user is NAME or NAME=GROUP,GROUP, as in maria=admin."],
  ["maria=", "A user is NAME or NAME=GROUP,GROUP, as in maria=admin."],
  ["maria=a,,b", "A user is NAME or NAME=GROUP,GROUP, as in maria=admin."],
])("--user %s is refused: the option, the value and what is accepted are named", async (value, accepted) => {
  expect(await refusalOf(["--user", value])).toBe(
    `error: option '--user <name[=group,...]>' argument '${value}' is invalid. ${accepted}`,
  );
});

test("a user that is named twice is refused", async () => {
  expect(await refusalOf(["--user", "maria", "--user", "maria=admin"])).toBe(
    "error: option '--user <name[=group,...]>' argument 'maria=admin' is invalid. " +
      "There is a user maria already; each is named once, with all groups.",
  );
});

const STACK = {
  ...{ stackName: "Shop", url: "http://localhost:3000", databaseEndpoint: "http://localhost:1" },
  ...{ region: "eu-central-1", outputs: {}, functions: [], tellsChanges: false },
  apis: [{ name: "Api", kind: "http", urls: ["http://localhost:3000"] }],
  providers: [
    {
      ...{
        issuer: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Users",
        sourceName: "cognito",
      },
      ...{ hasFlow: true, url: "http://localhost:3001", hasTls: true, clientIds: ["usersweb"] },
      users: [
        { userName: "alice", groups: [] },
        { userName: "bob", groups: ["admins", "night-shift"] },
      ],
    },
  ],
} as unknown as LocalStack;

test("the banner says where people sign in, as whom, and in whose place the local provider is", () => {
  expect(banner(STACK, undefined)).toContain(
    [
      "Sign in at http://localhost:3000/login/oidc?source=cognito as alice, bob (admins, night-shift)",
      "  The local provider is at http://localhost:3001, and by https, in the place of " +
        "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Users",
      "  Client: usersweb",
    ].join("\n"),
  );
  expect(banner(STACK, undefined)).toContain("  curl -d user=alice http://localhost:3001/tokens\n");
});

test("where the API has no sign-in of its own, people sign in at the provider", () => {
  const providers = STACK.providers.map((provider) => ({ ...provider, hasFlow: false, hasTls: false }));
  const text = banner({ ...STACK, providers }, undefined);
  expect(text).toContain("Sign in at http://localhost:3001 as alice");
  expect(text).toContain("The local provider is at http://localhost:3001, in the place of");
});
