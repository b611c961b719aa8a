/* global performance, process */
/**
 * A fresh process in which a function is loaded and called once, as Lambda's runtime does both: `.mjs` by
 * `import`, `.cjs` by `require`. It imports nothing itself: what it loaded, the function would not have to.
 * Nor is it TypeScript, whose compiler would be loaded first and go on optimizing itself while the function
 * is measured. The times go to file descriptor 3, for the function logs to standard output.
 */
const fs = process.getBuiltinModule("node:fs");
const { createRequire } = process.getBuiltinModule("node:module");
const { pathToFileURL } = process.getBuiltinModule("node:url");

const [entry = "", handlerName = "", eventText = ""] = process.argv.slice(2);
const event = JSON.parse(eventText);
const context = {
  awsRequestId: "00000000-0000-4000-8000-000000000000",
  functionName: "bench",
  functionVersion: "$LATEST",
  invokedFunctionArn: "arn:aws:lambda:eu-central-1:000000000000:function:bench",
  memoryLimitInMB: "512",
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => 10_000,
};

const startedAt = performance.now();
const loaded = entry.endsWith(".cjs") ? createRequire(entry)(entry) : await import(pathToFileURL(entry).href);
const loadedAt = performance.now();
const answer = await loaded[handlerName](event, context);
const answeredAt = performance.now();
fs.writeSync(
  3,
  JSON.stringify({ importMs: loadedAt - startedAt, callMs: answeredAt - loadedAt, answer: answer ?? null }),
);
process.exit();
