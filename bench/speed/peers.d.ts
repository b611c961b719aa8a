/** The project has none of these peers; `contenders/peers.ts` says what it uses of them. */
declare module "express-session";
declare module "connect-dynamodb";
declare module "@auth/dynamodb-adapter";
