import { readFileSync } from "node:fs";
import { SESSION_COOKIE } from "../src/http/cookie.ts";
import { PROBLEM_STATUS, type ProblemCode } from "../src/http/problem.ts";
import { EXAMPLES } from "./examples.ts";
import { HEADERS, headersOfProblems } from "./headers.ts";
import { componentSchemas, schemaRef, type Json, type JsonObject } from "./json-schema.ts";
import type { Answer, Operation, RequestBody } from "./operation.ts";
import { ADMIN_OPERATIONS, OIDC_OPERATIONS } from "./other-operations.ts";
import { meaningOf, PROBLEM_CODES, problemSchema, problemSchemaName } from "./problem-schemas.ts";
import { ADMIN_LOGOUT_REQUEST, ID_TOKEN_LOGIN, PASSWORD_LOGIN } from "./request-schemas.ts";
import { SESSION_OPERATIONS } from "./session-operations.ts";
import * as views from "./view-schemas.ts";

/** Every call that is documented. */
export const OPERATIONS: readonly Operation[] = [
  ...SESSION_OPERATIONS,
  ...ADMIN_OPERATIONS,
  ...OIDC_OPERATIONS,
];

const SCHEMAS = {
  PasswordLogin: PASSWORD_LOGIN,
  IdTokenLogin: ID_TOKEN_LOGIN,
  AdminLogoutRequest: ADMIN_LOGOUT_REQUEST,
  SessionId: views.SESSION_ID,
  User: views.USER,
  Device: views.DEVICE,
  Session: views.SESSION,
  OwnSession: views.OWN_SESSION,
  UserSession: views.USER_SESSION,
  DisplacedSession: views.DISPLACED_SESSION,
  Ending: views.ENDING,
  SignedIn: views.SIGNED_IN,
  Login: views.LOGIN_ANSWER,
  OwnSessions: views.OWN_SESSIONS,
  SessionCount: views.SESSION_COUNT,
  AdminLogout: views.ADMIN_LOGOUT,
  SessionPage: views.SESSION_PAGE,
  EndingPage: views.ENDING_PAGE,
};

const DESCRIPTION = `One active session per user: whoever signs in on a second device is signed out on the first.

* Errors are \`application/problem+json\` (RFC 9457) with a stable \`code\` to branch on. Their \`type\` is the address of the code's documentation.
* The session token travels in the cookie \`${SESSION_COOKIE}\` or as \`Authorization: Bearer\`; where both come, the header counts.
* What changes something and came with the cookie, and every login, must come from a page of the API's own origin or of one in the setting
  \`allowedOrigins\` (\`Sec-Fetch-Site\`, else \`Origin\`); a client that sends neither header is no browser.
* Nothing may be cached, framed, sniffed or run: every answer has \`Cache-Control: no-store\`, \`Content-Security-Policy\`,
  \`Referrer-Policy\`, \`Strict-Transport-Security\`, \`X-Content-Type-Options\` and \`X-Frame-Options\`.
* Ignore members you do not know: answers may get more of them.
* API Gateway itself answers what reaches no function, as \`{"message"}\`: an unknown route, too many requests, a function that did not answer.`;

/**
 * The OpenAPI 3.1 document of the API. Requests are the schemas that the functions check with, statuses the table the functions answer by; the
 * views' schemas are compared with the views' types by the compiler, and with real answers by the tests.
 */
export function openApiDocument(): JsonObject {
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of OPERATIONS) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: operationObject(operation) };
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "serverless-single-session",
      version: packageVersion(),
      description: DESCRIPTION,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/", description: "The host of your HTTP API, or of the distribution before it." }],
    tags: [
      { name: "Sessions", description: "People and their own sessions." },
      { name: "Administration", description: "Everybody's sessions." },
      { name: "OpenID Connect", description: "Signing in at an identity provider." },
    ],
    paths,
    components: {
      securitySchemes: {
        sessionCookie: {
          type: "apiKey",
          in: "cookie",
          name: SESSION_COOKIE,
          description: "As a login set it.",
        },
        sessionToken: {
          type: "http",
          scheme: "bearer",
          description: "As a login with `deliver: token` gave it.",
        },
      },
      schemas: componentSchemas({
        ...SCHEMAS,
        ...Object.fromEntries(PROBLEM_CODES.map((code) => [problemSchemaName(code), problemSchema(code)])),
      }),
      headers: HEADERS,
      examples: EXAMPLES,
    },
  };
}

function packageVersion(): string {
  const file = new URL("../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

const SECURITY = {
  required: [{ sessionCookie: [] }, { sessionToken: [] }],
  optional: [{}, { sessionCookie: [] }, { sessionToken: [] }],
  none: [],
} as const satisfies Record<Operation["session"], Json>;

function operationObject(operation: Operation): JsonObject {
  const {
    operationId,
    tag,
    summary,
    description,
    session,
    parameters,
    body,
    answers,
    problems,
    problemHeaders,
  } = operation;
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    security: SECURITY[session],
    ...(parameters !== undefined && { parameters }),
    ...(body !== undefined && { requestBody: requestBody(body) }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, response(answer)])),
      ...problemResponses(problems, problemHeaders),
    },
  };
}

function requestBody({ schemas, examples }: RequestBody): JsonObject {
  const [first, ...others] = schemas.map(schemaRef);
  const schema = others.length === 0 ? (first ?? {}) : { oneOf: schemas.map(schemaRef) };
  return { required: true, content: { "application/json": { schema, examples: exampleRefs(examples) } } };
}

function response({ description, schema, examples = [], headers = {} }: Answer): JsonObject {
  return {
    description,
    headers: headerRefs({ "Cache-Control": "CacheControl", ...headers }),
    ...(schema !== undefined && {
      content: { "application/json": { schema: schemaRef(schema), examples: exampleRefs(examples) } },
    }),
  };
}

/** One response a status, and in it one schema a code. */
function problemResponses(
  codes: readonly ProblemCode[],
  headers: Operation["problemHeaders"],
): Record<string, JsonObject> {
  const byStatus = Map.groupBy(codes, (code) => PROBLEM_STATUS[code]);
  return Object.fromEntries([...byStatus].map(([status, some]) => [status, problemResponse(some, headers)]));
}

function problemResponse(codes: readonly ProblemCode[], headers: Operation["problemHeaders"]): JsonObject {
  const refs = codes.map((code) => schemaRef(problemSchemaName(code)));
  const mapping = Object.fromEntries(codes.map((code, index) => [code, refs[index]?.["$ref"] ?? ""]));
  const [only, ...others] = refs;
  const schema =
    others.length === 0 ? (only ?? {}) : { oneOf: refs, discriminator: { propertyName: "code", mapping } };
  return {
    description: codes.map((code) => `\`${code}\`: ${meaningOf(code)}`).join("\n\n"),
    headers: headerRefs({ "Cache-Control": "CacheControl", ...headersOfProblems(codes), ...headers }),
    content: { "application/problem+json": { schema, examples: exampleRefs(codes) } },
  };
}

const headerRefs = (headers: Readonly<Record<string, string>>): JsonObject =>
  Object.fromEntries(
    Object.entries(headers).map(([name, component]) => [name, { $ref: `#/components/headers/${component}` }]),
  );

const exampleRefs = (names: readonly string[]): JsonObject =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/examples/${name}` }]));
