import { randomBytes } from "node:crypto";
import { DeleteCommand, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { deviceKey, failuresKey } from "../src/identity/sign-in-table.ts";
import { deviceFailures, deviceSubject, userSubject } from "../src/identity/throttle-keys.ts";
import { sessionKey } from "../src/sessions/table.ts";
import { connect, connectSessions } from "./connect.ts";
import { connectFunctions, FunctionFault } from "./invoke.ts";
import type { Located } from "./place.ts";
import { Browser, DEVICES, type Answer } from "./smoke-browser.ts";
import { CheckFailure, expectThat } from "./smoke-failures.ts";

/** Names begin so: what a killed run left behind is recognized. */
export const USER_PREFIX = "smoke-check-";

/** A user that goes when the run ends. */
export interface SmokeUser {
  readonly id: string;
  /** Absent where the password directory is off: then the user signs in by direct invocation. */
  readonly password?: string;
  readonly permissions: readonly string[];
}

/** A sign-in, whichever way. */
export interface SignIn {
  readonly browser: Browser;
  /** The login's answer: of HTTP, or what direct invocation returned. */
  readonly answer: Pick<Answer, "status" | "body" | "summary"> & {
    /** Whole `Set-Cookie` values. */
    readonly cookies: readonly string[];
  };
}

/** What the checks run against. */
export interface World {
  readonly located: Located;
  /** Where people reach the API: `/session` is appended. */
  readonly url: string;
  /** A URL that needs a live session behind the authorizer, where one was named. */
  readonly protectedUrl: string | undefined;
  /** Aborted when the operator stops the run. */
  readonly signal: AbortSignal;
  readonly hasPasswords: boolean;
  newUser(permissions?: readonly string[]): Promise<SmokeUser>;
  /** Signs a user in, with the password where there is a directory; the answer may be a refusal. */
  signIn(user: SmokeUser, more?: SignInOptions): Promise<SignIn>;
  /** The same, for checks that need a live session. @throws CheckFailure where the login is refused. */
  signedIn(user: SmokeUser, more?: SignInOptions): Promise<SignIn & { readonly sessionId: string }>;
  browser(userAgent?: string): Browser;
  /** @throws CheckFailure where the function threw. */
  invoke(functionName: string, event: object): Promise<Readonly<Record<string, unknown>>>;
  /** Makes a session look unused for half its idle timeout, which is longer than the touch interval. */
  age(sessionId: string): Promise<void>;
  /** When activity of a session was last recorded (epoch milliseconds). */
  lastSeenAt(sessionId: string): Promise<number>;
}

export interface SignInOptions {
  readonly userAgent?: string;
  readonly body?: object;
  readonly url?: string;
  readonly headers?: Record<string, string>;
}

export interface WorldOptions {
  readonly located: Located;
  readonly url: string;
  readonly protectedUrl?: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * A world, and how to leave it: `cleanUp` removes every user that it made, with all sessions and counters.
 */
export function createWorld({ located, url, protectedUrl, signal }: WorldOptions): {
  readonly world: World;
  /** Answers with the ids of those who could not be removed. */
  readonly cleanUp: () => Promise<string[]>;
} {
  const { usersTable, signInTable } = located;
  const functions = connectFunctions(located);
  const sessions = connectSessions(located);
  const directory =
    usersTable !== undefined && signInTable !== undefined
      ? { ...connect({ ...located, usersTable, signInTable }), signInTable }
      : undefined;
  const users = new Map<string, SmokeUser>();
  const browsers: { readonly userId: string; readonly browser: Browser }[] = [];

  const world: World = {
    located,
    url,
    protectedUrl,
    signal,
    hasPasswords: directory !== undefined,
    browser: (userAgent = DEVICES.first) => new Browser(userAgent, signal),

    async newUser(permissions = []) {
      signal.throwIfAborted();
      const id = USER_PREFIX + randomBytes(9).toString("base64url");
      if (directory === undefined) {
        const user = { id, permissions };
        users.set(id, user);
        return user;
      }
      const password = randomBytes(24).toString("base64url");
      const user = { id, password, permissions };
      // First, so that a user whose making is cut off is removed too.
      users.set(id, user);
      const added = await directory.management.addUser({
        userName: id,
        password,
        isAdmin: false,
        permissions,
      });
      expectThat(added.outcome === "added", `adding a user to the directory: ${added.outcome}`);
      return user;
    },

    async signIn(user, { userAgent = DEVICES.first, body = {}, url: base = url, headers = {} } = {}) {
      const browser = new Browser(userAgent, signal);
      browsers.push({ userId: user.id, browser });
      if (user.password !== undefined) {
        const credentials = { username: user.id, password: user.password };
        const request = { body: { ...credentials, ...body }, headers };
        const answer = await browser.call("POST", `${base}/login`, request);
        return { browser, answer: { ...answer, cookies: answer.headers.getSetCookie() } };
      }
      const { id, permissions } = user;
      const result = await world.invoke(located.loginFunction, {
        user: { id, permissions },
        device: { userAgent },
        ...body,
      });
      if (typeof result["token"] === "string") browser.bearer = result["token"];
      const code = result["code"] as string | undefined;
      return {
        browser,
        answer: {
          status: code === undefined ? 201 : code === "session_limit" ? 409 : 401,
          body: result,
          summary: code ?? "a session",
          cookies: [],
        },
      };
    },

    async signedIn(user, more) {
      const { browser, answer } = await world.signIn(user, more);
      expectThat(answer.status === 201, `the login: ${answer.summary}`);
      const sessionId = answer.body.session?.id;
      expectThat(sessionId !== undefined, "the login's answer names no session");
      expectThat(browser.token !== undefined, "the login gave no token");
      return { browser, answer, sessionId };
    },

    async invoke(functionName, event) {
      try {
        return await functions.invoke(functionName, event, signal);
      } catch (error) {
        throw error instanceof FunctionFault ? new CheckFailure(error.message) : error;
      }
    },

    async age(sessionId) {
      const target = { TableName: located.sessionsTable, Key: sessionKey(sessionId) };
      const { Item } = await sessions.documents.send(new GetCommand({ ...target, ConsistentRead: true }));
      expectThat(Item !== undefined, "the sessions table has no item of the session");
      const { lastSeenAt, idleExpiresAt } = Item as { lastSeenAt: number; idleExpiresAt: number };
      await sessions.documents.send(
        new UpdateCommand({
          ...target,
          UpdateExpression: "SET lastSeenAt = :aged",
          ConditionExpression: "attribute_exists(pk)",
          ExpressionAttributeValues: { ":aged": Math.floor(lastSeenAt - (idleExpiresAt - lastSeenAt) / 2) },
        }),
      );
    },

    async lastSeenAt(sessionId) {
      const input = { TableName: located.sessionsTable, Key: sessionKey(sessionId), ConsistentRead: true };
      const { Item } = await sessions.documents.send(new GetCommand(input));
      expectThat(Item !== undefined, "the sessions table has no item of the session");
      return (Item as { lastSeenAt: number }).lastSeenAt;
    },
  };

  /**
   * Ends the user's sessions, also those of logins under way; the records of how they ended stay until they
   * expire.
   */
  async function remove({ id, password }: SmokeUser): Promise<void> {
    if (directory === undefined || password === undefined) {
      const request = { userIds: [id], revokedBy: "smoke-check", waitForLogins: true } as const;
      const { unfinished } = await sessions.sessions.revoke(request);
      if (unfinished.length > 0) throw new Error("sessions may be live");
      return;
    }
    await directory.management.removeUser(id);
    const devices = browsers.filter(({ userId }) => userId === id).map(({ browser }) => browser.deviceId);
    const subjects = devices.filter((device) => device !== undefined).map((one) => deviceSubject(id, one));
    const keys = [
      failuresKey(userSubject(id)),
      ...subjects.flatMap((subject) => [deviceKey(subject), failuresKey(deviceFailures(subject))]),
    ];
    for (const Key of keys)
      await sessions.documents.send(new DeleteCommand({ TableName: directory.signInTable, Key }));
  }

  async function cleanUp(): Promise<string[]> {
    const left: string[] = [];
    for (const user of users.values()) await remove(user).catch(() => void left.push(user.id));
    directory?.close();
    sessions.close();
    functions.close();
    return left;
  }

  return { world, cleanUp };
}
