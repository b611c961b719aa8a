import { readFileSync } from "node:fs";
import { ALL_CALLS } from "../src/api/calls.ts";
import type { AnySchema, Call } from "../src/api/parts/call.ts";
import type { Json, JsonObject } from "../src/api/parts/json.ts";
import * as activity from "../src/api/parts/activity-views.ts";
import * as views from "../src/api/parts/views.ts";
import { SESSION_COOKIE } from "../src/http/cookie.ts";
import { HEADERS } from "./headers.ts";
import { componentSchemas } from "./json-schema.ts";
import { operationObject } from "./operation.ts";
import { PROBLEM_CODES, problemExample, problemSchema, problemSchemaName } from "./problem-schemas.ts";

/** Every call that is documented. */
export const OPERATIONS: readonly Call[] = ALL_CALLS;

const bodies = OPERATIONS.flatMap(({ body }) => body ?? []);
const responses = OPERATIONS.flatMap((call) =>
  Object.values(call.responses).flatMap(({ body }) => body ?? []),
);

/** Schemas that have a name: of requests, of what responses are made of, and of responses. */
const SCHEMAS: Readonly<Record<string, AnySchema>> = {
  ...merged(bodies.map(({ schemas }) => schemas)),
  SessionId: views.SESSION_ID,
  User: views.USER,
  Device: views.DEVICE,
  Session: views.SESSION,
  OwnSession: views.OWN_SESSION,
  UserSession: views.USER_SESSION,
  DisplacedSession: views.DISPLACED_SESSION,
  Ending: views.ENDING,
  Live: views.LIVE,
  Activity: activity.ACTIVITY,
  AdministratorsAct: activity.ADMINISTRATORS_ACT,
  OwnActivity: activity.OWN_ACTIVITY,
  ActivityDevice: activity.ACTIVITY_DEVICE,
  ActivityHour: activity.ACTIVITY_HOUR,
  Suspect: activity.SUSPECT,
  ...Object.fromEntries(responses.map(({ name, schema }) => [name, schema])),
};

/** The document's examples: of each problem by its code, of what else is sent by a name. */
const EXAMPLES: JsonObject = {
  ...merged([...bodies, ...responses].map(({ examples }) => examples)),
  ...Object.fromEntries(PROBLEM_CODES.map((code) => [code, problemExample(code)])),
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
 * The OpenAPI 3.1 document of the API, made of the contracts in `src/api/`. The functions check requests with
 * the same schemas, and answer by the same table of statuses; responses have the types of their schemas, and
 * tests compare real ones with the document.
 */
export function openApiDocument(): JsonObject {
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of OPERATIONS) {
    const method = operation.method.toLowerCase();
    paths[operation.path] = { ...paths[operation.path], [method]: operationObject(operation, nameOf) };
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
      { name: "Activity", description: "What happened, where the setting `events` keeps it." },
      { name: "Jobs", description: "Lists of users to log out, where the setting `jobs` is on." },
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
      examples: Object.fromEntries(Object.entries(EXAMPLES).map(([name, value]) => [name, { value }])),
    },
  };
}

/** All members of the objects. */
function merged<T>(objects: readonly Readonly<Record<string, T>>[]): Readonly<Record<string, T>> {
  return Object.fromEntries(objects.flatMap((object) => Object.entries(object)));
}

/** The name of a schema that has one. */
export const nameOf = (schema: AnySchema): string | undefined =>
  Object.keys(SCHEMAS).find((name) => SCHEMAS[name] === schema);

function packageVersion(): string {
  const file = new URL("../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
