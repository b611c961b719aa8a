import { GET_SESSION } from "../src/api/get-session.ts";
import { LOGIN } from "../src/api/login.ts";
import type { LocalStack } from "./stack.ts";

/** What `npm start` says before its last line: what runs where, who can log in, and what to try. */
export function banner(stack: LocalStack, demoUsers: DemoUsersShown | undefined): string {
  const sections = [
    [`Stack ${stack.stackName} runs on ${stack.url} (database: ${stack.databaseEndpoint})`],
    labSection(stack),
    consoleSection(stack),
    tellingSection(stack),
    demoUsers && usersSection(demoUsers),
    [
      "Try (version 1 of the AWS CLI goes without --cli-binary-format):",
      ...commands(stack, demoUsers).map((command) => `  ${command}`),
    ],
    [
      "Two local stacks on one machine share the cookies of localhost: cookies know no ports, so that a login at one replaces",
      "the cookie of the other. Use another browser profile, or 127.0.0.1 for one of them.",
    ],
  ];
  return sections
    .filter((section) => section !== undefined)
    .map((section) => section.join("\n"))
    .join("\n\n");
}

export interface DemoUsersShown {
  readonly password: string;
  readonly users: readonly {
    readonly userName: string;
    readonly isAdmin: boolean;
    readonly permissions: readonly string[];
  }[];
}

function usersSection({ users, password }: DemoUsersShown): string[] {
  const lines = users.map(({ userName, isAdmin, permissions }) => {
    const about = [...(isAdmin ? ["administrator"] : []), ...permissions.map((name) => `permission ${name}`)];
    return `  ${userName.padEnd(6)} ${about.join(", ")}`.trimEnd();
  });
  return [`Demo users, all with the password ${password}:`, ...lines];
}

function labSection({ labUrl }: LocalStack): string[] | undefined {
  return labUrl === undefined ? undefined : [`See it: ${labUrl}`];
}

function consoleSection({ outputs, url }: LocalStack): string[] | undefined {
  return outputs["ConsoleUrl"] === undefined ? undefined : [`The console is at ${url}/`];
}

/** What is told of changes, where the template has a function that reads a table's stream. */
function tellingSection({ tellsChanges, realtimeUrl }: LocalStack): string[] | undefined {
  if (!tellsChanges) return undefined;
  const push = realtimeUrl === undefined ? "" : `; pages hear of it at once on ${realtimeUrl}`;
  return [`Starts and ends of sessions are told on the event bus (--events shows them)${push}`];
}

function commands({ url, region }: LocalStack, demoUsers: DemoUsersShown | undefined): string[] {
  const body = JSON.stringify({ username: "alice", password: demoUsers?.password });
  const login = [
    `curl -i -c alice.txt -H 'content-type: application/json' -d '${body}' ${url}${LOGIN.path}`,
    `curl -i -b alice.txt ${url}${GET_SESSION.path}`,
  ];
  const credentials = "AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local";
  const invoke = `aws lambda invoke --endpoint-url ${url} --region ${region} --function-name admin-logout`;
  const payload = `--cli-binary-format raw-in-base64-out --payload '{"userIds":["alice"]}' /dev/stdout`;
  return [...(demoUsers ? login : []), `${credentials} ${invoke} ${payload}`];
}
