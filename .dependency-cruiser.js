/**
 * The dependency rule (docs/design/decisions.md): which rooms a room may import from, as beginnings of paths.
 * `infra` and `local` take from `src` only the files that hold names and settings.
 */
const NAMES_AND_SETTINGS = [
  "src/sessions/table",
  "src/sessions/policy",
  "src/sessions/session",
  "src/identity/directory-table",
  "src/sessions/sign-in-keys",
  "src/identity/sign-in-table",
  "src/identity/oidc-settings",
  "src/api",
  "src/runtime/function-settings",
  "src/runtime/stack-output",
  "src/outbox/names",
  "src/activity/table",
  "src/jobs/jobs-table",
];
const MAY_IMPORT = {
  "src/dynamodb": [],
  "src/sessions": ["src/dynamodb"],
  "src/identity": ["src/sessions", "src/dynamodb"],
  "src/runtime": ["src/identity", "src/sessions", "src/dynamodb"],
  // Names, limits and shapes, which schemas are made of; no more of the rules.
  "src/api": [
    "src/sessions/session",
    "src/sessions/policy",
    "src/sessions/ending",
    "src/sessions/token",
    "src/sessions/channel",
    "src/activity/activity",
    "src/jobs/job",
    "src/identity/permissions",
    "src/identity/user-name",
  ],
  "src/http": [
    "src/api",
    "src/runtime",
    "src/activity",
    "src/jobs",
    "src/identity",
    "src/sessions",
    "src/dynamodb",
  ],
  "src/activity": ["src/sessions", "src/dynamodb"],
  "src/outbox": ["src/activity", "src/runtime", "src/sessions", "src/dynamodb"],
  "src/jobs": ["src/sessions", "src/dynamodb"],
  functions: ["src"],
  infra: NAMES_AND_SETTINGS,
  local: [...NAMES_AND_SETTINGS, "cli"],
  cli: [
    "src/activity",
    "src/identity",
    "src/sessions",
    "src/dynamodb",
    "src/outbox",
    "src/jobs",
    "src/api/log-out-users",
    "src/api/parts/act-reason",
    "src/http/device-cookie",
    "src/http/reply",
    // What is shown of a session or a job is what the API shows of it.
    "src/http/views",
    "src/http/job-views",
    "src/runtime/function-settings",
    "src/runtime/stack-output",
    // `dev`; what it runs is loaded by it alone.
    "local/dev/program",
  ],
  client: ["src/api"],
  // What validating needs, and no more: it goes into people's own bundles.
  guard: [
    "src/dynamodb/client",
    "src/dynamodb/errors",
    "src/dynamodb/time-left",
    "src/sessions/create-session-store",
    "src/sessions/dependencies",
    "src/sessions/session",
    "src/sessions/store",
    "src/http/authorization",
    "src/http/bound-callers",
    "src/http/caller",
    "src/http/fault-problem",
    "src/http/problem",
    "src/http/recent-login",
    "src/http/reply",
    "src/http/same-origin",
    "src/http/views",
    // For who sends a provider's access tokens, in an entry point of its own.
    "src/identity/access-token",
    "src/identity/token-refusal",
    "src/runtime/function-settings",
    "src/api/parts",
  ],
  openapi: ["src"],
  // A package of its own.
  create: [],
};

/** What the rule is about: the project's own files. */
const ROOMS =
  "^(bench|cli|client|console|create|examples|functions|guard|infra|local|openapi|proof|src|test)/";

const roomRules = Object.entries(MAY_IMPORT).map(([room, allowed]) => ({
  name: `${room} may import from ${allowed.join(", ") || "no other room"}`,
  severity: "error",
  from: { path: `^${room}/` },
  to: { path: ROOMS, pathNot: [room, ...allowed].map((place) => `^${place}(/|\\.)`) },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...roomRules,
    {
      name: "console may import only types from other rooms than client and src/api",
      comment: "None of them is copied; what runs in the page is its own, the client, and the API's paths.",
      severity: "error",
      from: { path: "^console/" },
      to: { path: ROOMS, pathNot: "^(console|client|src/api)/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "client may import only types",
      comment: "It has no dependencies, and is compiled file by file.",
      severity: "error",
      from: { path: "^client/" },
      to: { path: ROOMS, pathNot: "^client/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "no circles, not even of types",
      severity: "error",
      from: { path: ROOMS },
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(node_modules|dist|cdk\\.out)/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
  },
};
