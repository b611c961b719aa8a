import type { Channel } from "./channel.ts";

/** The authorization modes that run here. */
export const AUTH_MODES = ["AWS_LAMBDA", "AWS_IAM"] as const;
export type AuthMode = (typeof AUTH_MODES)[number];

export type Operation = "EVENT_CONNECT" | "EVENT_SUBSCRIBE" | "EVENT_PUBLISH";

/** What AppSync asks a Lambda authorizer. */
export interface AuthorizerQuestion {
  readonly operation: Operation;
  /** The client's `Authorization`. */
  readonly token: string;
  /** Absent at connect. */
  readonly channel: Channel | undefined;
  /** The headers of the request or of the WebSocket's upgrade, names in lower case. */
  readonly requestHeaders: Readonly<Record<string, string>>;
}

export type AuthorizerAnswer =
  { readonly outcome: "authorized"; readonly handlerContext: unknown } | { readonly outcome: "refused" };

/** A Lambda authorizer. A fault is its caller's to translate: AppSync refuses then. */
export type Authorize = (question: AuthorizerQuestion) => Promise<AuthorizerAnswer>;

/** What a client gave to be authorized by: the headers of a request, or the object that stands for them. */
export type Credentials = Readonly<Record<string, unknown>>;

export type Decision =
  | { readonly outcome: "authorized"; readonly identity: unknown }
  | { readonly outcome: "refused"; readonly message: string };

/**
 * Decides as AppSync does: by what was sent, in one of the modes that are on for this operation. A signature
 * has to be there and to be for AppSync; it is not verified, and what IAM would say is not asked.
 */
export async function decide(
  modes: readonly AuthMode[],
  credentials: Credentials,
  question: Omit<AuthorizerQuestion, "token">,
  authorize: Authorize,
): Promise<Decision> {
  const given = textOf(credentials, "authorization");
  if (given === undefined || given === "") return refused("Missing authorization header");
  const mode: AuthMode = given.startsWith(SIGNATURE_ALGORITHM) ? "AWS_IAM" : "AWS_LAMBDA";
  if (!modes.includes(mode)) return refused(`You are not authorized to make this call in the mode ${mode}`);
  if (mode === "AWS_IAM") {
    const isSigned = SIGNATURE.test(given) && textOf(credentials, "x-amz-date") !== undefined;
    return isSigned ? { outcome: "authorized", identity: {} } : refused("The signature is not complete");
  }
  const answer = await authorize({ ...question, token: given });
  return answer.outcome === "refused"
    ? refused("You are not authorized to make this call")
    : { outcome: "authorized", identity: { handlerContext: answer.handlerContext } };
}

const SIGNATURE_ALGORITHM = "AWS4-HMAC-SHA256";
const SIGNATURE =
  /^AWS4-HMAC-SHA256 Credential=[^/,\s]+\/\d{8}\/[^/,\s]+\/appsync\/aws4_request,\s*SignedHeaders=\S+,\s*Signature=[0-9a-f]{64}$/;

const refused = (message: string): Decision => ({ outcome: "refused", message });

/** A header by its name in any case. */
export function textOf(credentials: Credentials, name: string): string | undefined {
  const value = Object.entries(credentials).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof value === "string" ? value : undefined;
}
