import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/**
 * The dependency rule (docs/design/decisions.md): which rooms a room may import from. `infra` and `local` take from `src` only
 * the files that hold names and settings.
 */
const NAMES_AND_SETTINGS = [
  "src/sessions/table",
  "src/sessions/policy",
  "src/sessions/session",
  "src/identity/directory-table",
  "src/identity/sign-in-table",
  "src/identity/oidc-settings",
  "src/http/function-settings",
  "src/http/problem-type",
  "src/http/stack-output",
];
const MAY_IMPORT = {
  "src/dynamodb": [],
  "src/sessions": ["src/dynamodb"],
  "src/identity": ["src/sessions", "src/dynamodb"],
  "src/http": ["src/identity", "src/sessions", "src/dynamodb"],
  functions: ["src"],
  infra: NAMES_AND_SETTINGS,
  local: [...NAMES_AND_SETTINGS, "cli"],
  cli: [
    "src/identity",
    "src/sessions",
    "src/http/device-cookie",
    "src/http/function-settings",
    "src/http/reply",
    "src/http/stack-output",
  ],
  client: [],
  openapi: ["src", "functions"],
};

/** Forbids, for each room, every relative import that leaves it for a place not in its list. */
const dependencyRule = Object.entries(MAY_IMPORT).map(([room, allowed]) => {
  const up = room.includes("/") ? ["src/", ""] : [""];
  const reached = allowed.flatMap((place) =>
    up.map((_, level) => {
      const base = room.includes("/") && place.startsWith("src/") && level === 0 ? place.slice(4) : place;
      return `${"\\.\\./".repeat(level + 1)}${base}(/|\\.)`;
    }),
  );
  const regex = reached.length > 0 ? `^(?!${reached.join("|")})\\.\\./` : "^\\.\\./";
  return {
    files: [`${room}/**/*.ts`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex,
              message: `${room} may import only from itself${allowed.map((a) => `, ${a}`).join("")}.`,
            },
          ],
        },
      ],
    },
  };
});

/** The page takes types from anywhere, so that none is copied; what runs in it is its own, and the client. */
const consoleRule = {
  files: ["console/**/*.{ts,tsx}"],
  rules: {
    "@typescript-eslint/no-restricted-imports": [
      "error",
      {
        patterns: [
          {
            regex: "\\.\\./(src|functions|infra|local|cli|test|bench)/",
            allowTypeImports: true,
            message: "console may import only types from outside of itself and client.",
          },
        ],
      },
    ],
  },
};

export default defineConfig(
  globalIgnores(["docs/.vitepress/{cache,dist}/", "dist/", "cdk.out/", "coverage/"]),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/explicit-module-boundary-types": "off",
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/dot-notation": "off",
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
      "no-console": ["error"],
    },
  },
  { files: ["cli/**", "local/**", "bench/**", "proof/**"], rules: { "no-console": "off" } },
  { files: ["test/**", "proof/**"], rules: { "@typescript-eslint/no-non-null-assertion": "off" } },
  { files: ["**/*.js", "examples/**", "docs/samples/**"], extends: [tseslint.configs.disableTypeChecked] },
  { files: ["examples/**/*.mjs"], languageOptions: { globals: { process: "readonly", Buffer: "readonly" } } },
  ...dependencyRule,
  consoleRule,
);
