import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { Agent, createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocument } from "@aws-sdk/lib-dynamodb";
import { createTable } from "../../../test/support/tables.ts";
import { ask } from "../../support/http.ts";
import { expect } from "../../support/rounds.ts";
import { benchUser } from "../../support/seed.ts";
import type { Contender } from "../contender.ts";
import type { World } from "../world.ts";

/**
 * What is used of the peers. They are installed in `bench/` only, so that the project has none of them, and
 * their modules have no types here (`peers.d.ts`).
 */
interface Peers {
  readonly express: () => RequestListener & {
    use(middleware: unknown): void;
    get(path: string, route: Route): void;
    post(path: string, route: Route): void;
  };
  readonly session: (options: object) => unknown;
  readonly connect: (session: unknown) => new (options: object) => {
    /** Creates the table where it does not exist. */
    initialize(): Promise<void>;
  };
  readonly adapter: (
    client: DynamoDBDocument,
    options: { readonly tableName: string },
  ) => {
    createUser(user: object): Promise<{ readonly id: string }>;
    createSession(session: object): Promise<unknown>;
    getSessionAndUser(token: string): Promise<{ readonly user: { readonly id: string } } | null>;
  };
}
type Route = (asked: { readonly session: { user?: unknown } }, answer: { json(body: unknown): void }) => void;

const FACTS = { group: "reading", isOurs: false } as const;

/**
 * A route of an Express app that answers who is signed in, by `express-session` and `connect-dynamodb`; and
 * the same route without a session, so that the difference is the session's. Both over HTTP on loopback,
 * client and server in this process.
 *
 * Set up as both packages' documentation has it: the store makes its own table; `resave` is off, as
 * `express-session` advises for a store with `touch`, and so is `saveUninitialized`, as it advises for
 * logins.
 */
export async function expressContenders(world: World): Promise<Contender[]> {
  const { default: express } = (await import("express")) as unknown as { default: Peers["express"] };
  const { default: session } = (await import("express-session")) as { default: Peers["session"] };
  const { default: connect } = (await import("connect-dynamodb")) as { default: Peers["connect"] };

  const DynamoDBStore = connect(session);
  const store = new DynamoDBStore({ table: `connect-${randomUUID()}`, client: world.bareClient });
  await store.initialize();
  const user = benchUser(world.reader.userId);

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
  const [plainUrl, sessionUrl] = [await serve(plain), await serve(withSession)];
  const signedIn = await ask(`${sessionUrl}/login`, { method: "POST", agent });
  const cookie = signedIn.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
  const asking = (url: string, headers: Readonly<Record<string, string>>) => () => async () => {
    const { body } = await ask(`${url}/session`, { agent, headers });
    expect((JSON.parse(body) as { user?: { id: string } }).user?.id, user.id);
  };
  return [
    {
      ...{ id: "connect-dynamodb", ...FACTS, around: "express-alone" },
      name: "connect-dynamodb, express-session, Express, over HTTP",
      prepare: asking(sessionUrl, { cookie }),
    },
    {
      ...{ id: "express-alone", ...FACTS },
      name: "an Express route without a session, over HTTP",
      prepare: asking(plainUrl, {}),
    },
  ];
}

/** Until the process ends. */
async function serve(app: RequestListener): Promise<string> {
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const EXPIRES_IN_MS = 30 * 24 * 60 * 60 * 1000;

/** The table of the adapter's documentation (authjs.dev, "DynamoDB Adapter"). */
const AUTH_JS_TABLE = {
  ...{ partitionKey: "pk", sortKey: "sk" },
  indexes: [{ name: "GSI1", partitionKey: "GSI1PK", sortKey: "GSI1SK", sortsBy: "text", projection: "all" }],
} as const;

/**
 * What Auth.js asks its DynamoDB adapter on every request with a database session. Table and client are those
 * of the adapter's documentation. Its reads are eventually consistent, and the first is of an index.
 */
export async function authJsContender(world: World): Promise<Contender> {
  const module = (await import("@auth/dynamodb-adapter")) as { DynamoDBAdapter: Peers["adapter"] };
  const client = DynamoDBDocument.from(new DynamoDB({}), {
    marshallOptions: {
      convertEmptyValues: true,
      removeUndefinedValues: true,
      convertClassInstanceToMap: true,
    },
  });
  const tableName = await createTable(world.bareClient, AUTH_JS_TABLE, `next-auth-${randomUUID()}`);
  const adapter = module.DynamoDBAdapter(client, { tableName });
  const user = await adapter.createUser({ email: "user@example.com", name: "A User", emailVerified: null });
  const sessionToken = randomUUID();
  const expires = new Date(Date.now() + EXPIRES_IN_MS);
  await adapter.createSession({ sessionToken, userId: user.id, expires });
  return {
    ...{ id: "auth-js", name: "@auth/dynamodb-adapter, getSessionAndUser", ...FACTS },
    prepare: () => async () => expect((await adapter.getSessionAndUser(sessionToken))?.user.id, user.id),
  };
}
