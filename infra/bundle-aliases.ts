import { builtinModules } from "node:module";

/** For esbuild: an import, and what is bundled in its place. */
type Aliases = Readonly<Record<string, string>>;

/** A CommonJS module given as text. */
export const program = (text: string): string => `data:text/javascript,${encodeURIComponent(text)}`;

/**
 * Parts of the SDK that a function never runs, though its modules import them: a third of a bundle. Were one
 * of them used after all, the first call would fail, and the tests call each deployed bundle. The sizes are
 * those that `validate` grows by without the line, minified (docs/design/performance.md).
 */
export const SDK_ALIASES: Aliases = {
  // EventBridge's client looks whether it is there, for endpoints of several Regions, which are not used.
  "@aws-sdk/signature-v4-multi-region": program(
    'module.exports = { SignatureV4MultiRegion: { sigv4aDependency: () => "none" } };',
  ),
  ...Object.fromEntries(
    [
      // Profiles, SSO, web identities: Lambda gives the credentials in the environment
      // (`src/dynamodb/client.ts`). 140 KB.
      "@aws-sdk/credential-provider-node",
      // DynamoDB has one event stream, and nothing here asks for it. 20 KB.
      "@smithy/core/event-streams",
      // The SDK's own signer: the client is given another (`src/dynamodb/request-signer.ts`). 9 KB.
      "@smithy/signature-v4",
      // For functions that take several invocations at once, which these are not configured to, and for the
      // SDK's recursion detection, which `src/dynamodb/sdk-client.ts` takes out. 2 KB.
      "@aws/lambda-invoke-store",
    ].map((name) => [name, program("module.exports = {};")]),
  ),
};

/**
 * Node's own modules, by a function call instead of an import: for an import statement Node reads every
 * export once, and so does esbuild's helper for CommonJS, which makes the lazy ones. Those of `node:http` are
 * a WebSocket client and fetch, those of `node:crypto` the Web Crypto API, those of `node:util` worker
 * threads: together a quarter of a cold start. An object whose prototype is the module has no exports to
 * read, and all of them.
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
