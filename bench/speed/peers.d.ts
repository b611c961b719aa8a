/**
 * What is used of the peers, which are installed in `bench/` only: whoever works on the product has none of
 * them, and its types are checked all the same.
 */

declare namespace Express {
  interface Request {
    /** `express-session` puts it there. */
    readonly session: { user?: unknown };
  }
}

declare module "express-session" {
  import type { RequestHandler } from "express";

  const session: (options: {
    readonly store: unknown;
    readonly secret: string;
    readonly resave: boolean;
    readonly saveUninitialized: boolean;
  }) => RequestHandler;
  export default session;
}

declare module "connect-dynamodb" {
  import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

  interface Store {
    /** Creates the table where it does not exist. */
    initialize(): Promise<void>;
  }
  type StoreClass = new (options: { readonly table: string; readonly client: DynamoDBClient }) => Store;
  const connect: (session: unknown) => StoreClass;
  export default connect;
}

declare module "@auth/dynamodb-adapter" {
  import type { DynamoDBDocument } from "@aws-sdk/lib-dynamodb";

  interface Adapter {
    createUser(user: { email: string; name: string; emailVerified: Date | null }): Promise<{ id: string }>;
    createSession(session: { sessionToken: string; userId: string; expires: Date }): Promise<unknown>;
    getSessionAndUser(sessionToken: string): Promise<{ user: { id: string } } | null>;
  }
  export const DynamoDBAdapter: (
    client: DynamoDBDocument,
    options: { readonly tableName: string },
  ) => Adapter;
}
