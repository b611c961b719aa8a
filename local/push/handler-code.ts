import { createContext, Script } from "node:vm";
import { transformSync } from "esbuild";
import { LocalStackError } from "../errors.ts";
import { HandlerRefusal, type OnSubscribe } from "./push-options.ts";

/** AppSync ends a handler after this time too ("Event API runtime", quotas). */
const LONGEST_RUN_MS = 1000;

/** The part of `@aws-appsync/utils` that runs here. */
const UTIL: Readonly<Record<string, unknown>> = {
  unauthorized: () => {
    throw new HandlerRefusal("Unauthorized", "You are not authorized to make this call");
  },
  error: (message: string, errorType = "Custom") => {
    throw new HandlerRefusal(errorType, message);
  },
};

/**
 * Makes a namespace's code callable: the function `onSubscribe` that it exports, or `undefined` where it
 * exports none. It runs by itself, without Node.js around it. What the runtime APPSYNC_JS forbids beyond that
 * (`try`, `throw`, loops with a condition) is not checked.
 * @throws LocalStackError where the code does not load, or exports what does not run here.
 */
export function loadOnSubscribe(code: string, namespace: string): OnSubscribe | undefined {
  const whose = `The handlers of the channel namespace ${namespace}`;
  const exported = load(code, whose);
  if (exported["onPublish"] !== undefined) {
    throw new LocalStackError(`${whose} export onPublish; only onSubscribe runs here.`);
  }
  const handler = exported["onSubscribe"];
  if (handler === undefined) return undefined;
  if (typeof handler !== "function") {
    throw new LocalStackError(`${whose} export onSubscribe with a data source; only a function runs here.`);
  }
  const context = createContext({ handler });
  const call = new Script("handler(JSON.parse(ctx))");
  return ({ channel, identity, requestHeaders }) => {
    const { path, segments } = channel;
    context["ctx"] = JSON.stringify({
      identity,
      request: { headers: requestHeaders, domainName: null },
      info: { channel: { path, segments }, channelNamespace: { name: namespace }, operation: "SUBSCRIBE" },
      stash: {},
      events: null,
      result: null,
      error: null,
      outErrors: [],
    });
    call.runInContext(context, { timeout: LONGEST_RUN_MS });
  };
}

function load(code: string, whose: string): Record<string, unknown> {
  const util = new Proxy(UTIL, {
    get(target, name) {
      if (typeof name === "string" && !(name in target)) throw new Error(`util.${name} does not run here`);
      return Reflect.get(target, name) as unknown;
    },
  });
  const module = { exports: {} as Record<string, unknown> };
  const require = (name: string): unknown => {
    if (name === "@aws-appsync/utils") return { util };
    throw new Error(`${name} cannot be imported`);
  };
  try {
    const { code: script } = transformSync(code, { format: "cjs", loader: "js" });
    new Script(script).runInNewContext({ module, require }, { timeout: LONGEST_RUN_MS });
  } catch (error) {
    throw new LocalStackError(`${whose} do not load: ${(error as Error).message}`);
  }
  return module.exports;
}
