import { readEvent, type EventReading } from "./gateway-event.ts";

/**
 * How the gateway wants its answer: an HTTP API with payload format 2.0 takes a simple yes or no; REST APIs,
 * WebSocket APIs and payload format 1.0 take an IAM policy for what the event's ARN names.
 */
export type AnswerForm =
  { readonly form: "simple" } | { readonly form: "policy"; readonly methodArn: string };

/** An event that an authorizer was asked with. */
export interface AuthorizerEvent {
  readonly answer: AnswerForm;
  readonly reading: EventReading;
  /**
   * Whether a WebSocket is about to be opened. Browsers send the cookie along whichever page opens it, and
   * ask no preflight, so that the function itself must look at the origin.
   */
  readonly opensWebSocket: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads the event of a Lambda authorizer: of an HTTP API in either payload format, of a REST API (type
 * `REQUEST` or `TOKEN`), or of a WebSocket API's `$connect`.
 */
export function readAuthorizerEvent(event: unknown): AuthorizerEvent {
  const fields = isObject(event) ? event : {};
  const opensWebSocket = isConnect(fields);
  return {
    answer: answerForm(fields),
    reading: readEvent(
      opensWebSocket ? asHandshake(fields) : isTokenEvent(fields) ? asRequest(fields) : event,
    ),
    opensWebSocket,
  };
}

/** Format 1.0 has `methodArn`; format 2.0 has `routeArn`, and may be answered either way. */
function answerForm({ version, methodArn, routeArn }: Fields): AnswerForm {
  const arn = methodArn ?? (version === "2.0" ? undefined : routeArn);
  return typeof arn === "string" ? { form: "policy", methodArn: arn } : { form: "simple" };
}

function isConnect({ httpMethod, requestContext }: Fields): boolean {
  return httpMethod === undefined && isObject(requestContext) && requestContext["eventType"] === "CONNECT";
}

/** A handshake is a GET (RFC 6455 section 4.1). The event names neither method nor path. */
const asHandshake = (event: Fields): Fields => ({ ...event, httpMethod: "GET", path: "/$connect" });

function isTokenEvent({ type, authorizationToken, httpMethod, version }: Fields): boolean {
  return (
    type === "TOKEN" &&
    httpMethod === undefined &&
    version === undefined &&
    typeof authorizationToken === "string"
  );
}

/**
 * A `TOKEN` authorizer hands over one header's value and nothing else. Which header is not said: a bearer
 * token with or without its scheme, or the `Cookie` header.
 */
function asRequest({ authorizationToken }: Fields): Fields {
  const value = String(authorizationToken).trim();
  const isCookie = value.includes("=") && !/^bearer /i.test(value);
  const authorization = /^bearer\b/i.test(value) ? value : `Bearer ${value}`;
  return {
    httpMethod: "GET",
    path: "/",
    headers: isCookie ? { cookie: value } : { authorization },
    requestContext: {},
  };
}

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
