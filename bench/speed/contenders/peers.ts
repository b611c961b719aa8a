import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { Agent, createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { CreateTableCommand, DynamoDB } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocument } from "@aws-sdk/lib-dynamodb";
import { ask } from "../../support/http.ts";
import { expect, type Contender } from "../contender.ts";
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
  const [plainUrl, sessionUrl] = [await serve(plain), await serve(withSession)];
  const signedIn = await ask(`${sessionUrl}/login`, { method: "POST", agent });
  const cookie = signedIn.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
  const contender = (
    facts: Pick<Contender, "id" | "name" | "around">,
    url: string,
    headers: Readonly<Record<string, string>>,
  ): Contender => ({
    ...facts,
    group: "reading",
    isOurs: false,
    prepare: () => async () => {
      const { body } = await ask(`${url}/session`, { agent, headers });
      expect((JSON.parse(body) as { user?: { id: string } }).user?.id, user.id);
    },
  });
  return [
    contender(
      {
        id: "connect-dynamodb",
        name: "connect-dynamodb, express-session, Express, over HTTP",
        around: "express-alone",
      },
      sessionUrl,
      { cookie },
    ),
    contender({ id: "express-alone", name: "an Express route without a session, over HTTP" }, plainUrl, {}),
  ];
}

/** Until the process ends. */
async function serve(app: RequestListener): Promise<string> {
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const EXPIRES_IN_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * What Auth.js asks its DynamoDB adapter on every request with a database session. Table and client are those
 * of the adapter's documentation (authjs.dev, "DynamoDB Adapter"). Its reads are eventually consistent, and
 * the first is of an index.
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
  const tableName = `next-auth-${randomUUID()}`;
  const keys = (partition: string, sort: string) => [
    { AttributeName: partition, KeyType: "HASH" as const },
    { AttributeName: sort, KeyType: "RANGE" as const },
  ];
  const text = (AttributeName: string) => ({ AttributeName, AttributeType: "S" as const });
  const all = { ProjectionType: "ALL" } as const;
  await world.bareClient.send(
    new CreateTableCommand({
      TableName: tableName,
      AttributeDefinitions: ["pk", "sk", "GSI1PK", "GSI1SK"].map(text),
      KeySchema: keys("pk", "sk"),
      GlobalSecondaryIndexes: [{ IndexName: "GSI1", KeySchema: keys("GSI1PK", "GSI1SK"), Projection: all }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  const adapter = module.DynamoDBAdapter(client, { tableName });
  const user = await adapter.createUser({ email: "user@example.com", name: "A User", emailVerified: null });
  const sessionToken = randomUUID();
  const expires = new Date(Date.now() + EXPIRES_IN_MS);
  await adapter.createSession({ sessionToken, userId: user.id, expires });
  return {
    id: "auth-js",
    name: "@auth/dynamodb-adapter, getSessionAndUser",
    group: "reading",
    isOurs: false,
    prepare: () => async () => expect((await adapter.getSessionAndUser(sessionToken))?.user.id, user.id),
  };
}
