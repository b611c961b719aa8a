import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { Agent, createServer, request, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Contender } from "../contender.ts";
import type { World } from "../world.ts";

/** Contenders that need something closed at the end. */
export interface ServedContenders {
  readonly contenders: readonly Contender[];
  close(): void;
}

/**
 * A route of an Express app that answers who is signed in, by `express-session` and `connect-dynamodb`; and
 * the same route without a session, so that the difference is the session's. Both over HTTP on loopback,
 * client and server in this process.
 *
 * Set up as both packages' documentation has it: the store makes its own table; `resave` is off, as
 * `express-session` advises for a store with `touch`, and so is `saveUninitialized`, as it advises for
 * logins.
 */
export async function expressContenders(world: World): Promise<ServedContenders> {
  const { default: express } = await import("express");
  const { default: session } = await import("express-session");
  const { default: connect } = await import("connect-dynamodb");

  const DynamoDBStore = connect(session);
  const store = new DynamoDBStore({ table: `connect-${randomUUID()}`, client: world.bareClient });
  await store.initialize();
  const user = { id: world.reader.userId, isAdmin: false, permissions: [] };

  const withSession = express();
  const secret = randomBytes(32).toString("base64url");
  withSession.use(session({ store, secret, resave: false, saveUninitialized: false }));
  withSession.post("/login", (asked, answer) => {
    asked.session.user = user;
    answer.json({ user });
  });
  withSession.get("/session", (asked, answer) => answer.json({ user: asked.session.user }));

  const plain = express();
  plain.get("/session", (_asked, answer) => answer.json({ user }));

  const agent = new Agent({ keepAlive: true });
  const plainServer = createServer(plain).listen(0, "127.0.0.1");
  const sessionServer = createServer(withSession).listen(0, "127.0.0.1");
  await Promise.all([once(plainServer, "listening"), once(sessionServer, "listening")]);
  const urlOf = (server: typeof plainServer, path: string): string =>
    `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  const signedIn = await ask(urlOf(sessionServer, "/login"), { method: "POST", agent });
  const cookie = signedIn.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";

  const contender = (
    facts: Pick<Contender, "id" | "name" | "around">,
    url: string,
    headers: Readonly<Record<string, string>>,
  ): Contender => ({
    ...facts,
    group: "reading",
    isOurs: false,
    prepare: () =>
      Promise.resolve(async () => {
        const { body } = await ask(url, { method: "GET", agent, headers });
        const answer = JSON.parse(body) as { user?: { id: string } };
        if (answer.user?.id !== user.id) throw new Error(`the route answered ${body}`);
      }),
  });
  return {
    contenders: [
      contender(
        {
          id: "connect-dynamodb",
          name: "connect-dynamodb, express-session, Express, over HTTP",
          around: "express-alone",
        },
        urlOf(sessionServer, "/session"),
        { cookie },
      ),
      contender(
        { id: "express-alone", name: "an Express route without a session, over HTTP" },
        urlOf(plainServer, "/session"),
        {},
      ),
    ],
    close() {
      agent.destroy();
      for (const server of [plainServer, sessionServer]) server.close();
    },
  };
}

interface Answer {
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

interface Question {
  readonly method: string;
  readonly agent: Agent;
  readonly headers?: Readonly<Record<string, string>>;
}

function ask(url: string, options: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () =>
        resolve({ headers: incoming.headers, body: Buffer.concat(chunks).toString() }),
      );
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}
