import { Token } from "aws-cdk-lib";
import type {
  CfnUserPoolClient,
  IUserPool,
  IUserPoolClient,
  IUserPoolDomain,
  UserPoolDomain,
} from "aws-cdk-lib/aws-cognito";
import {
  awaitsLookup,
  forReading,
  isWhollyDeployTime,
  lookupHost,
  lookupStandIn,
  withStandIns,
} from "../deploy-time.ts";
import { toShapeOrToken, toText, toTexts } from "./oidc-setting-values.ts";
import { nameOf, SettingError, type GivenSetting } from "./setting-error.ts";

/** The user pool of a source: by its id, or as the construct. */
export interface CognitoPool {
  readonly userPoolId?: string;
  /** Of the same or another stack, imported, or of another Region. Instead of `userPoolId`. */
  readonly userPool?: IUserPool;
  /** The app client: the tokens' audience. */
  readonly clientId?: string;
  /**
   * Instead of `clientId`. Of several, the first is the one that `GET /login/oidc` uses, and the tokens of
   * all are accepted.
   */
  readonly userPoolClient?: IUserPoolClient | readonly IUserPoolClient[];
  /** All app clients whose tokens are accepted, `clientId` among them. @default clientId */
  readonly audience?: string | readonly string[];
  /** The user pool's domain; turns on `GET /login/oidc`. The app client must have no secret. @default none */
  readonly domain?: string;
  /** Instead of `domain`: a prefix at amazoncognito.com, or a host of your own. */
  readonly userPoolDomain?: IUserPoolDomain;
}

type PoolFields = Readonly<Record<keyof CognitoPool, GivenSetting>>;

export const POOL_FIELDS = {
  userPoolId: true,
  userPool: true,
  clientId: true,
  userPoolClient: true,
  audience: true,
  domain: true,
  userPoolDomain: true,
} as const satisfies Record<keyof CognitoPool, true>;

/** What a source needs of its user pool. */
export interface PoolSetting {
  readonly userPoolId: string;
  readonly clientId: string;
  /** All app clients, where several were given as constructs. */
  readonly clientIds?: readonly string[];
  /** The host of the sign-in pages, where the code flow is on. */
  readonly host?: string;
}

/** As `CognitoJwtVerifier` has it. */
const USER_POOL_ID = /^(?:eusc-[a-z]{2}|[a-z]{2})-(?:gov-)?[a-z]+-\d_[a-zA-Z0-9]+$/;
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;
const ACCEPTED_ID = "a user pool's id, such as eu-central-1_AbCdEfGhI";
const ACCEPTED_HOST =
  "a host name, with or without https://, of which at least the domain above is known at synth; or the " +
  "pool's domain as userPoolDomain";

/** @throws SettingError naming the field. */
export function readPool(fields: PoolFields): PoolSetting {
  refuseBoth(fields.userPoolId, fields.userPool);
  refuseBoth(fields.clientId, fields.userPoolClient);
  refuseBoth(fields.audience, fields.userPoolClient);
  refuseBoth(fields.domain, fields.userPoolDomain);
  const userPoolId = readPoolId(fields);
  const clients = readClients(fields.userPoolClient);
  const host = readHost(fields, userPoolId);
  const [clientId = toText(fields.clientId), ...others] = clients.map((client) => client.userPoolClientId);
  const secretive = host === undefined ? undefined : clients.slice(0, 1).find(hasSecret);
  if (secretive) {
    const subject = `${nameOf(fields.userPoolClient)} is ${secretive.node.path}, which has a secret`;
    throw new SettingError(subject, "an app client with generateSecret: false");
  }
  return {
    userPoolId,
    clientId,
    ...(others.length > 0 && { clientIds: [clientId, ...others] }),
    ...(host !== undefined && { host }),
  };
}

function refuseBoth(one: GivenSetting, other: GivenSetting): void {
  if (one.value === undefined || other.value === undefined) return;
  throw new SettingError(`${nameOf(one)} and ${nameOf(other)} are both given`, "one of them");
}

function readPoolId({ userPoolId, userPool }: PoolFields): string {
  if (awaitsLookup(userPoolId.value)) return `us-east-1_${lookupStandIn(userPoolId.value)}`;
  if (userPool.value === undefined)
    return toShapeOrToken(userPoolId, USER_POOL_ID, `${ACCEPTED_ID}; or userPool`);
  return textOf(userPool, userPool.value, "userPoolId", "a user pool, such as a UserPool of aws-cognito");
}

function readClients(given: GivenSetting): readonly IUserPoolClient[] {
  if (given.value === undefined) return [];
  const clients: readonly unknown[] = Array.isArray(given.value) ? given.value : [given.value];
  const ids = clients.map((client) =>
    textOf(given, client, "userPoolClientId", "an app client, such as a UserPoolClient, or a list of them"),
  );
  toTexts({ ...given, value: ids });
  return clients as readonly IUserPoolClient[];
}

/** What a construct says of itself; what is no such construct is refused. */
function textOf(given: GivenSetting, construct: unknown, member: string, accepted: string): string {
  const found = (construct as Readonly<Record<string, unknown>> | null | undefined)?.[member];
  if (typeof found === "string") return found;
  throw SettingError.forValue(given, accepted);
}

const hasSecret = ({ node }: IUserPoolClient): boolean =>
  (node.defaultChild as CfnUserPoolClient | undefined)?.generateSecret === true;

function readHost({ domain, userPoolDomain, userPool }: PoolFields, userPoolId: string): string | undefined {
  if (userPoolDomain.value !== undefined) {
    const region = regionOf(userPoolId) ?? (userPool.value as IUserPool | undefined)?.env.region;
    return hostOf(userPoolDomain, region);
  }
  if (domain.value === undefined) return undefined;
  const { value } = domain;
  if (awaitsLookup(value)) return lookupHost(value);
  if (typeof value !== "string" || isWhollyDeployTime(value))
    throw SettingError.forValue(domain, ACCEPTED_HOST);
  const host = withoutScheme(value);
  const known = withStandIns(host);
  if (HOST_NAME.test(known === host ? host : withoutScheme(known))) return host;
  throw SettingError.forValue({ ...domain, value: forReading(value) }, ACCEPTED_HOST);
}

/** A domain knows of itself whether it is a prefix; an imported one has its name alone. */
function hostOf(given: GivenSetting, region: string | undefined): string {
  const domain = given.value as Partial<UserPoolDomain>;
  if (typeof domain.baseUrl === "function") return withoutScheme(domain.baseUrl());
  const name = textOf(given, domain, "domainName", "a domain, such as a UserPoolDomain of aws-cognito");
  if (Token.isUnresolved(name)) {
    const subject = `${nameOf(given)} is imported by a name that is known only at deployment`;
    throw new SettingError(subject, "a UserPoolDomain, or the whole host as domain");
  }
  return name.includes(".") ? name : `${name}.auth.${region ?? domain.env?.region ?? ""}.amazoncognito.com`;
}

const withoutScheme = (url: string): string => url.replace(/^https:\/\//, "");

const regionOf = (userPoolId: string): string | undefined =>
  Token.isUnresolved(userPoolId) ? undefined : userPoolId.split("_")[0];
