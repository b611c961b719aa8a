import { readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import type { FunctionModel } from "../../local/model/function-model.ts";
import { rosterKey } from "../../src/sessions/table.ts";
import type { SeededUser } from "../support/seed.ts";
import { authorizerEvent, requestEvent } from "../support/gateway-events.ts";

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

const answers = (status: number) => (answer: unknown) =>
  (answer as { statusCode?: number } | null)?.statusCode === status;

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

/** One call of each function. Those that IAM alone guards are invoked directly; so no password is hashed. */
const FIRST_CALLS: Readonly<Record<string, Call>> = {
  validate: { event: ({ token }) => requestEvent("GET", "/session", token), isRight: answers(200) },
  authorize: {
    event: ({ token }) => authorizerEvent(token),
    isRight: (answer) => (answer as { isAuthorized?: boolean } | null)?.isAuthorized === true,
  },
  login: {
    event: ({ userId }) => ({ user: { id: userId } }),
    isRight: (answer) => typeof (answer as { token?: unknown } | null)?.token === "string",
  },
  "login-oidc": {
    event: ({ token }) => requestEvent("GET", "/login/oidc", token),
    isRight: answers(303),
  },
  logout: { event: ({ token }) => requestEvent("POST", "/logout", token), isRight: answers(204) },
  "list-sessions": { event: ({ token }) => requestEvent("GET", "/sessions", token), isRight: answers(200) },
  "end-session": { event: ({ token }) => requestEvent("DELETE", "/sessions", token), isRight: answers(200) },
  "admin-logout": {
    event: ({ userId }) => ({ userIds: [userId] }),
    isRight: (answer) => (answer as { loggedOut?: unknown[] } | null)?.loggedOut?.length === 1,
  },
};

/** The deployed functions, and the bare handler under the environment of one of them. */
export function coldContenders(functions: readonly FunctionModel[], bareEntry: string): ColdContender[] {
  const ours = Object.entries(FIRST_CALLS).map(([name, call]): ColdContender => {
    const model = functions.find((each) => each.name === name);
    if (model === undefined) throw new Error(`the stack has no function ${name}`);
    const { entry, handler, environment } = model;
    return { name, entry, handler, environment, ...call };
  });
  const [validate] = ours;
  if (validate === undefined) throw new Error("there are no functions");
  return [
    {
      name: BARE,
      entry: bareEntry,
      handler: "handler",
      environment: validate.environment,
      event: ({ userId }) => rosterKey(userId),
      isRight: answers(200),
    },
    ...ours,
  ];
}

/** The name of the handler that everything is compared with. */
export const BARE = "bare GetItem";

/**
 * Bundles the bare handler into a folder, with esbuild's defaults for Node.js, minified, as most people
 * deploy one.
 */
export async function bundleBareHandler(folder: string): Promise<string> {
  const outfile = join(folder, "bare", "index.cjs");
  await build({
    entryPoints: [join(import.meta.dirname, "bare-handler.ts")],
    bundle: true,
    platform: "node",
    target: "node24",
    minify: true,
    outfile,
  });
  return outfile;
}

/** Bytes of the code that is deployed for a contender: all files beside its entry, without source maps. */
export async function bundleBytes({ entry }: ColdContender): Promise<number> {
  const names = await readdir(dirname(entry));
  const sizes = await Promise.all(
    names
      .filter((name) => !name.endsWith(".map"))
      .map(async (name) => (await stat(join(dirname(entry), name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
