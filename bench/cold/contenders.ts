import { readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { rosterKey } from "../../src/sessions/table.ts";
import type { DeployedStack } from "../support/deployed-stack.ts";
import { authorizerEvent, requestEvent } from "../support/gateway-events.ts";
import type { SeededUser } from "../support/seed.ts";

/** A function to load and call for the first time. */
export interface ColdContender {
  readonly name: string;
  /** The file of its bundle. */
  readonly entry: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  /** A first call that succeeds, of a user nobody has used; `isRight` tells whether it did. */
  readonly event: (user: SeededUser) => unknown;
  readonly isRight: (answer: unknown) => boolean;
}

type Call = Pick<ColdContender, "event" | "isRight">;

/** The name of the handler that everything is compared with. */
export const BARE = "bare GetItem";

/** A provider of which nothing is asked at the beginning of a sign-in: its endpoints are given. */
export const IDENTITY = [
  "passwords",
  {
    oidc: {
      name: "corp",
      issuer: "https://login.example.com",
      jwksUri: "https://login.example.com/keys",
      authorizationEndpoint: "https://login.example.com/authorize",
      tokenEndpoint: "https://login.example.com/token",
      clientId: "single-session",
    },
  },
] as const;

interface Answer {
  readonly statusCode?: number;
  readonly isAuthorized?: boolean;
  readonly token?: unknown;
  readonly loggedOut?: readonly unknown[];
}
const right = (isRight: (answer: Answer) => boolean) => (answer: unknown) => isRight(answer ?? {});
const answers = (status: number) => right(({ statusCode }) => statusCode === status);
const request = (method: string, path: string, status: number): Call => ({
  event: ({ token }) => requestEvent(method, path, token),
  isRight: answers(status),
});

/** One call of each function. Those that IAM alone guards are invoked directly; so no password is hashed. */
const FIRST_CALLS: Readonly<Record<string, Call>> = {
  validate: request("GET", "/session", 200),
  authorize: {
    event: ({ token }) => authorizerEvent(token),
    isRight: right(({ isAuthorized }) => isAuthorized === true),
  },
  login: {
    event: ({ userId }) => ({ user: { id: userId } }),
    isRight: right(({ token }) => typeof token === "string"),
  },
  "login-oidc": request("GET", "/login/oidc", 303),
  logout: request("POST", "/logout", 204),
  "list-sessions": request("GET", "/sessions", 200),
  "end-session": request("DELETE", "/sessions", 200),
  "admin-logout": {
    event: ({ userId }) => ({ userIds: [userId] }),
    isRight: right(({ loggedOut }) => loggedOut?.length === 1),
  },
};

/** The deployed functions, and the bare handler, bundled into a folder, in the environment of one of them. */
export async function coldContenders(stack: DeployedStack, folder: string): Promise<ColdContender[]> {
  const bare = join(folder, "bare", "index.cjs");
  // With esbuild's defaults for Node.js, minified, as most people deploy one.
  await build({
    ...{ bundle: true, platform: "node", target: "node24", minify: true },
    entryPoints: [join(import.meta.dirname, "bare-handler.ts")],
    outfile: bare,
  });
  const { environment: own } = stack.named("validate");
  const call: Call = { event: ({ userId }) => rosterKey(userId), isRight: answers(200) };
  return [
    { name: BARE, entry: bare, handler: "handler", environment: own, ...call },
    ...Object.entries(FIRST_CALLS).map(([name, call]) => {
      const { entry, handler, environment } = stack.named(name);
      return { name, entry, handler, environment, ...call };
    }),
  ];
}

/** Bytes of the code that is deployed for a contender: all files beside its entry, without source maps. */
export async function bundleBytes({ entry }: ColdContender): Promise<number> {
  const names = (await readdir(dirname(entry))).filter((name) => !name.endsWith(".map"));
  const sizes = names.map(async (name) => (await stat(join(dirname(entry), name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
