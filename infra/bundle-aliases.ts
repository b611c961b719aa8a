import { builtinModules } from "node:module";

/** For esbuild: an import, and what is bundled in its place. */
type Aliases = Readonly<Record<string, string>>;

/** A CommonJS module given as text. */
const program = (text: string): string => `data:text/javascript,${encodeURIComponent(text)}`;

/**
 * Parts of the SDK that a function never runs, though its modules import them: half of a bundle. Each names what is used of the
 * part, and a bundle that used more of it would fail at its first call, which the tests of the deployed bundles make.
 * The sizes are those that `validate` grows by without the line, minified (docs/design/performance.md).
 */
export const SDK_ALIASES: Aliases = {
  // For functions that take several invocations at once, which these are not configured to: 2 KB.
  "@aws/lambda-invoke-store": program("module.exports = {};"),
  // Its index also makes the paginators, and those keep the whole client, whose rules of endpoints and chain of credentials we have
  // no use for (`src/dynamodb/sdk-pipeline.ts`): 188 KB.
  "@aws-sdk/lib-dynamodb": "@aws-sdk/lib-dynamodb/dist-es/commands/index.js",
  // DynamoDB has one event stream, and nothing here asks for it: 15 KB.
  "@smithy/core/event-streams": program("module.exports = {};"),
  // Commands bring a middleware that resolves the endpoint, which is taken out again: 11 KB.
  "@smithy/core/endpoints": program("exports.getEndpointPlugin = () => ({ applyToStack() {} });"),
  // Commands note for the user agent that they are a document client's; there is no such user agent: 6 KB.
  "@aws-sdk/core/client": program("exports.setFeature = () => {};"),
};

/**
 * Node's own modules, by a function call instead of an import: for an import statement Node reads every export once, and so does
 * esbuild's helper for CommonJS, which makes the lazy ones. Those of `node:http` are a WebSocket client and fetch, those of
 * `node:crypto` the Web Crypto API, those of `node:util` worker threads: together a quarter of a cold start. An object whose
 * prototype is the module has no exports to read, and all of them.
 */
export const BUILTIN_ALIASES: Aliases = Object.fromEntries(
  builtinModules.flatMap((name) => {
    const id = name.startsWith("node:") ? name : `node:${name}`;
    // `node:events` and the like are functions, and what is done with those cannot be done with an object.
    const aliased = program(
      `const module_ = process.getBuiltinModule(${JSON.stringify(id)});
       module.exports = typeof module_ === "function" ? module_ : Object.create(module_);`,
    );
    return [name, id].map((imported) => [imported, aliased]);
  }),
);
