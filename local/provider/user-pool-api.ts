import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { z } from "zod";
import type { DemoUser } from "../../cli/demo-users.ts";
import { emailOf, PASSWORD_SCOPE, subjectOf } from "./claims.ts";
import type { Issuing, Refreshed } from "./issue.ts";
import { PATHS } from "./reroutes.ts";
import { sourceOfClient, type ProviderModel } from "./sources.ts";
import { challengeFor, type SrpChallenge } from "./srp.ts";

/** Of Cognito's API for user pools, what a sign-in and its refreshing need: the JSON protocol of AWS. */
export interface UserPoolApi {
  isFor(request: IncomingMessage): boolean;
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

export interface UserPoolApiOptions {
  readonly model: () => ProviderModel;
  readonly users: readonly DemoUser[];
  /** Of all users. */
  readonly password: string;
  readonly issuing: Issuing;
  readonly url: string;
}

const TARGET = "AWSCognitoIdentityProviderService.";

const texts = z.record(z.string(), z.string()).default({});
const input = z.object({
  AuthFlow: z.string().optional(),
  AuthParameters: texts,
  ChallengeName: z.string().optional(),
  ChallengeResponses: texts,
  ClientId: z.string().default(""),
  RefreshToken: z.string().default(""),
  Token: z.string().default(""),
  AccessToken: z.string().default(""),
});
type Input = z.infer<typeof input>;

/** A refusal as AWS words it; front ends go by the name. */
class UserPoolError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

const wrongPassword = () => new UserPoolError("NotAuthorizedException", "Incorrect username or password.");

/** The API of one user pool. */
export function createUserPoolApi(options: UserPoolApiOptions): UserPoolApi {
  const { model, users, password, issuing } = options;
  /** By the secret block, which the client sends back. */
  const begun = new Map<string, { readonly challenge: SrpChallenge; readonly user: DemoUser }>();
  const poolName = (): string => model().issuer.split("_").at(-1) ?? "";

  const userNamed = (name = ""): DemoUser | undefined =>
    users.find((user) => user.userName === name || `${user.userName}@example.com` === name);

  async function signedIn(user: DemoUser, clientId: string): Promise<unknown> {
    const subject = subjectOf(sourceOfClient(model(), clientId), model().issuer, user);
    return toAnswer(await issuing.signIn(subject, clientId, PASSWORD_SCOPE), true);
  }

  function beginSrp({ AuthParameters: given }: Input): unknown {
    const user = userNamed(given["USERNAME"]);
    // Cognito says the same of users that do not exist, in its own time.
    if (user === undefined) throw wrongPassword();
    const { userName } = user;
    const challenge = challengeFor(given["SRP_A"] ?? "", poolName() + userName, password);
    if (challenge === undefined) throw new UserPoolError("InvalidParameterException", "SRP_A is not valid.");
    const block = randomBytes(64).toString("base64");
    begun.set(block, { challenge, user });
    if (begun.size > MOST_BEGUN) begun.delete(begun.keys().next().value ?? "");
    return {
      ChallengeName: "PASSWORD_VERIFIER",
      ChallengeParameters: {
        SALT: challenge.salt,
        SECRET_BLOCK: block,
        SRP_B: challenge.publicValue,
        USERNAME: userName,
        USER_ID_FOR_SRP: userName,
      },
    };
  }

  function finishSrp({ ChallengeResponses: given, ClientId: clientId }: Input): Promise<unknown> {
    const block = given["PASSWORD_CLAIM_SECRET_BLOCK"] ?? "";
    const found = begun.get(block);
    begun.delete(block);
    if (found === undefined)
      throw new UserPoolError("NotAuthorizedException", "Invalid session for the user.");
    const { challenge, user } = found;
    const message = [poolName(), user.userName, Buffer.from(block, "base64"), given["TIMESTAMP"] ?? ""];
    if (!challenge.isProof(given["PASSWORD_CLAIM_SIGNATURE"] ?? "", message)) throw wrongPassword();
    return signedIn(user, clientId);
  }

  const operations: Readonly<Record<string, (given: Input) => unknown>> = {
    async InitiateAuth(given) {
      const { AuthFlow: flow = "", AuthParameters: parameters, ClientId: clientId } = given;
      switch (flow) {
        case "USER_SRP_AUTH":
          return beginSrp(given);
        case "USER_PASSWORD_AUTH": {
          const user = userNamed(parameters["USERNAME"]);
          if (user === undefined || parameters["PASSWORD"] !== password) throw wrongPassword();
          return signedIn(user, clientId);
        }
        case "REFRESH_TOKEN":
        case "REFRESH_TOKEN_AUTH":
          return toAnswer(await issuing.refresh(parameters["REFRESH_TOKEN"] ?? "", clientId), false);
        default:
          throw new UserPoolError(
            "InvalidParameterException",
            `The local provider has no AuthFlow ${flow}: USER_SRP_AUTH, USER_PASSWORD_AUTH, ` +
              "REFRESH_TOKEN_AUTH.",
          );
      }
    },
    RespondToAuthChallenge(given) {
      if (given.ChallengeName === "PASSWORD_VERIFIER") return finishSrp(given);
      throw new UserPoolError(
        "InvalidParameterException",
        `The local provider has no challenge ${given.ChallengeName ?? ""}: PASSWORD_VERIFIER.`,
      );
    },
    async GetTokensFromRefreshToken({ RefreshToken: token, ClientId: clientId }) {
      return toAnswer(await issuing.refresh(token, clientId), false);
    },
    async RevokeToken({ Token: token, ClientId: clientId }) {
      const body = new URLSearchParams({ token, client_id: clientId, token_type_hint: "refresh_token" });
      await fetch(options.url + PATHS.revocation, { method: "POST", body });
      return {};
    },
    // The tokens that are out go on, as access tokens do on AWS; the session here is ended by `POST /logout`.
    GlobalSignOut: () => ({}),
    GetUser({ AccessToken: token }) {
      const { username } = claimsOf(token);
      const user = userNamed(typeof username === "string" ? username : undefined);
      if (user === undefined) throw new UserPoolError("NotAuthorizedException", "Invalid Access Token");
      const [source] = model().sources;
      return {
        Username: user.userName,
        UserAttributes: [
          ...(source ? [{ Name: "sub", Value: subjectOf(source, model().issuer, user) }] : []),
          { Name: "email", Value: emailOf(user) },
          { Name: "email_verified", Value: "true" },
        ],
      };
    },
  };

  async function resultOf(request: IncomingMessage): Promise<unknown> {
    const name = targetOf(request).slice(TARGET.length);
    const operation = operations[name];
    if (operation === undefined) {
      const known = Object.keys(operations).join(", ");
      throw new UserPoolError(
        "UnknownOperationException",
        `The local provider does not know ${name}; it knows ${known}.`,
      );
    }
    return operation(input.parse(await json(request)));
  }

  return {
    isFor: (request) => targetOf(request).startsWith(TARGET) || isPreflight(request),
    async answer(request, response) {
      response.setHeader("access-control-allow-origin", request.headers.origin ?? "*");
      if (isPreflight(request)) {
        response.setHeader(
          "access-control-allow-headers",
          request.headers["access-control-request-headers"] ?? "*",
        );
        response.writeHead(204, { "access-control-allow-methods": "POST" }).end();
        return;
      }
      response.setHeader("content-type", "application/x-amz-json-1.1");
      try {
        const result = JSON.stringify(await resultOf(request));
        response.end(result);
      } catch (error) {
        const { name, message } =
          error instanceof UserPoolError
            ? error
            : new UserPoolError("InvalidParameterException", String(error));
        response.setHeader("access-control-expose-headers", "x-amzn-errortype");
        response.writeHead(400, { "x-amzn-errortype": name }).end(JSON.stringify({ __type: name, message }));
      }
    },
  };
}

const MOST_BEGUN = 1000;

const targetOf = ({ headers }: IncomingMessage): string => String(headers["x-amz-target"] ?? "");

const isPreflight = ({ method, headers }: IncomingMessage): boolean =>
  method === "OPTIONS" && String(headers["access-control-request-headers"]).includes("x-amz-target");

function toAnswer(made: Refreshed, isNew: boolean): unknown {
  if (made.outcome === "refused") {
    const isClient = made.error === "invalid_client";
    throw new UserPoolError(
      isClient ? "ResourceNotFoundException" : "NotAuthorizedException",
      isClient ? "User pool client does not exist." : "Invalid Refresh Token",
    );
  }
  const { access_token: access, id_token: id, refresh_token: refresh, expires_in: seconds } = made.tokens;
  const result = { AccessToken: access, IdToken: id, ExpiresIn: seconds, TokenType: "Bearer" };
  return {
    AuthenticationResult: { ...result, ...(isNew && { RefreshToken: refresh }) },
    ChallengeParameters: {},
  };
}

/** Of a token that comes from here; whoever asks about another one learns nothing by it. */
function claimsOf(token: string): Record<string, unknown> {
  const [, payload = ""] = token.split(".");
  try {
    return JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
  } catch {
    return {};
  }
}
