import type { DemoUser } from "../cli/demo-users.ts";
import { BEGIN_OIDC_LOGIN } from "../src/api/begin-oidc-login.ts";
import { GET_SESSION } from "../src/api/get-session.ts";
import { LOGIN } from "../src/api/login.ts";
import { PATHS } from "./provider/reroutes.ts";
import type { LocalStack } from "./stack.ts";

/** What `npm start` says before its last line: what runs where, who can log in, and what to try. */
export function banner(stack: LocalStack, demoUsers: DemoUsersShown | undefined): string {
  const sections = [
    [`Stack ${stack.stackName} runs on ${stack.url} (database: ${stack.databaseEndpoint})`],
    labSection(stack),
    apisSection(stack),
    consoleSection(stack),
    tellingSection(stack),
    demoUsers && usersSection(demoUsers),
    providersSection(stack),
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
  readonly users: readonly DemoUser[];
}

function usersSection({ users, password }: DemoUsersShown): string[] {
  const lines = users.map(({ userName, isAdmin, permissions }) => {
    const about = [...(isAdmin ? ["administrator"] : []), ...permissions.map((name) => `permission ${name}`)];
    return `  ${userName.padEnd(6)} ${about.join(", ")}`.trimEnd();
  });
  return [`Demo users, all with the password ${password}:`, ...lines];
}

/** Where people sign in: at the API's own page where it has one, else at the provider, which shows tokens. */
function providersSection({ providers, apis, url }: LocalStack): string[] | undefined {
  if (providers.length === 0) return undefined;
  const api = apis[0]?.urls[0] ?? url;
  return providers.flatMap((provider) => {
    const { sourceName, hasFlow, hasTls, issuer, users, clientIds } = provider;
    const names = users.map(({ userName, groups }) =>
      groups.length === 0 ? userName : `${userName} (${groups.join(", ")})`,
    );
    const page = hasFlow ? `${api}${BEGIN_OIDC_LOGIN.path}?source=${sourceName}` : provider.url;
    const tls = hasTls ? ", and by https" : "";
    return [
      `Sign in at ${page} as ${names.join(", ")}`,
      `  The local provider is at ${provider.url}${tls}, in the place of ${issuer}`,
      `  Client${clientIds.length === 1 ? "" : "s"}: ${clientIds.join(", ")}`,
    ];
  });
}

function labSection({ labUrl }: LocalStack): string[] | undefined {
  return labUrl === undefined ? undefined : [`See it in the lab: ${labUrl}`];
}

/** Where each API is, unless there is one, at the address that is said already. */
function apisSection({ apis, url }: LocalStack): string[] | undefined {
  const lines = apis.flatMap(({ name, kind, urls }) =>
    urls.map((each) => `  ${each.padEnd(28)} ${kind === "rest" ? "REST" : "HTTP"} API ${name}`),
  );
  const isKnown = apis.length === 1 && apis[0]?.urls.join() === url;
  return lines.length === 0 || isKnown ? undefined : ["APIs:", ...lines];
}

function consoleSection({ outputs, url }: LocalStack): string[] | undefined {
  return outputs["ConsoleUrl"] === undefined ? undefined : [`The console is at ${url}/`];
}

/** What is told of changes, where the template has a function that reads a table's stream. */
function tellingSection({ tellsChanges, realtimeUrls }: LocalStack): string[] | undefined {
  if (!tellsChanges) return undefined;
  const push = realtimeUrls.length === 0 ? "" : `; pages hear of it at once on ${realtimeUrls.join(", ")}`;
  return [`Starts and ends of sessions are told on the event bus (--events shows them)${push}`];
}

function commands(
  { url, region, apis, providers, functions }: LocalStack,
  demoUsers: DemoUsersShown | undefined,
): string[] {
  const name = demoUsers?.users[0]?.userName ?? "alice";
  const body = JSON.stringify({ username: name, password: demoUsers?.password });
  const api = apis[0]?.urls[0] ?? url;
  const login = [
    `curl -i -c ${name}.txt -H 'content-type: application/json' -d '${body}' ${api}${LOGIN.path}`,
    `curl -i -b ${name}.txt ${api}${GET_SESSION.path}`,
  ];
  const credentials = "AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local";
  const invoke = `${credentials} aws lambda invoke --endpoint-url ${url} --region ${region}`;
  const payload = `--cli-binary-format raw-in-base64-out --payload '{"userIds":["${name}"]}' /dev/stdout`;
  // One for each `SingleSession`; of several, each is called by its logical id.
  const logouts = functions
    .filter(({ constructId }) => constructId === "admin-logout")
    .map((fn) => `${invoke} --function-name ${fn.name} ${payload}`);
  const tokens = providers.map(
    (provider) => `curl -d user=${provider.users[0]?.userName ?? name} ${provider.url}${PATHS.tokens}`,
  );
  return [...(demoUsers ? login : []), ...tokens, ...logouts];
}
