import { createHash, createHmac, createSecretKey, type BinaryLike, type KeyObject } from "node:crypto";
import type { Readable } from "node:stream";
import { errorTypeRegistries } from "@aws-sdk/client-dynamodb";
import { AwsJson1_0Protocol } from "@aws-sdk/core/protocols";
import { DynamoDBJsonCodec2 } from "@aws-sdk/dynamodb-codec";
import { constructStack } from "@smithy/core/client";
import { getRetryPlugin, StandardRetryStrategy } from "@smithy/core/retry";
import { getSchemaSerdePlugin } from "@smithy/core/schema";
import { fromBase64, toBase64 } from "@smithy/core/serde";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { SignatureV4 } from "@smithy/signature-v4";
import type {
  AwsCredentialIdentity,
  Checksum,
  FinalizeRequestMiddleware,
  Handler,
  HttpRequest,
  MetadataBearer,
  MiddlewareStack,
  NodeHttpHandlerOptions,
  Pluggable,
  SourceData,
  StandardRetryBackoffStrategy,
} from "@smithy/types";
import type { DocumentClient } from "./document-client.ts";
import { LEAST_TRY_MS, NoTimeLeftError, timeLeft } from "./time-left.ts";

/**
 * The SDK's DynamoDB client, put together from its own parts and without what does nothing in a Lambda function.
 *
 * `DynamoDBClient` builds a user agent, resolves the endpoint by its rules, makes a signer, copies its configuration and puts its middleware
 * together anew for each request; that is a third of what a `GetItem` costs this process, and half of what importing the client
 * does (docs/design/performance.md). Here each of these is done once. Commands, schemas, marshalling, the protocol, retries, signing,
 * and HTTP are the SDK's own.
 */

export interface PipelineOptions {
  readonly endpoint: URL;
  readonly region: string;
  readonly credentials: AwsCredentialIdentity;
  /** How often a request is sent at most. */
  readonly tries: number;
  /** Milliseconds. */
  readonly connectionTimeout: number;
  /** Milliseconds until an answer begins. */
  readonly requestTimeout: number;
}

/** Milliseconds; the SDK's own for DynamoDB, whose answers are fast. */
const RETRY_DELAY = 25;

type Input = object;
type Output = MetadataBearer;
type Stack = MiddlewareStack<Input, Output>;
type Plugin = Pluggable<Input, Output>;
/** A command's middleware, ready to run. */
type Pipeline = Handler<Input, Output>;

/** A document command, by the members that its own `resolveMiddleware` uses, which its types keep to its subclasses. */
interface DocumentCommand {
  readonly input: Input;
  readonly middlewareStack: Stack;
  readonly clientCommand: {
    resolveMiddleware(stack: Pick<Stack, "concat">, config: object, options: undefined): Pipeline;
  };
  addMarshallingMiddleware(config: object): void;
}

/** A client that sends document commands. See above for what it leaves out. */
export function createSdkPipeline(options: PipelineOptions): DocumentClient {
  const config = configOf(options);
  const stack = constructStack<Input, Output>();
  // They read no more of it than there is.
  stack.use(getSchemaSerdePlugin<Input, Output>(config as never));
  stack.use(getRetryPlugin(config) as Plugin);
  stack.use(signing(config, options));
  const clientStack: Pick<Stack, "concat"> = {
    // What every command brings along to resolve the endpoint: ours is in the configuration.
    concat: (commandStack) => {
      const whole = stack.concat(commandStack);
      whole.remove("endpointV2Middleware");
      return whole;
    },
  };
  // By class, as the SDK does it for plain commands with `cacheMiddleware`, which it does not have for document commands.
  const pipelines = new Map<unknown, Pipeline>();
  const assemble = (command: DocumentCommand): Pipeline => {
    command.addMarshallingMiddleware(config);
    return command.clientCommand.resolveMiddleware(clientStack, config, undefined);
  };
  const pipelineOf = (command: DocumentCommand): Pipeline => {
    // One that brings middleware of its own is not like the others of its class.
    if (command.middlewareStack.identify().length > 0) return assemble(command);
    const known = pipelines.get(command.constructor);
    if (known !== undefined) return known;
    const pipeline = assemble(command);
    pipelines.set(command.constructor, pipeline);
    return pipeline;
  };
  const send = async (command: DocumentCommand): Promise<Output> => {
    const { output } = await pipelineOf(command)({ input: command.input });
    return output;
  };
  return {
    send: send as unknown as DocumentClient["send"],
    destroy: () => config.requestHandler.destroy(),
  };
}

/** Waits for an answer no longer than the call at hand may. */
class TimelyHttpHandler extends NodeHttpHandler {
  readonly #requestTimeout: number;

  constructor(options: NodeHttpHandlerOptions & { readonly requestTimeout: number }) {
    super(options);
    this.#requestTimeout = options.requestTimeout;
  }

  override async handle(
    ...[request, options]: Parameters<NodeHttpHandler["handle"]>
  ): ReturnType<NodeHttpHandler["handle"]> {
    const left = timeLeft();
    if (left === Infinity) return super.handle(request, options);
    if (left < LEAST_TRY_MS) throw new NoTimeLeftError("no time is left to wait for an answer of DynamoDB");
    return super.handle(request, { ...options, requestTimeout: Math.min(this.#requestTimeout, left) });
  }
}

const LONGEST_RETRY_DELAY = 20_000;

/** The SDK's own backoff, which it does not export, but without a wait for a try that would come too late for the call at hand. */
class TimelyBackoff implements StandardRetryBackoffStrategy {
  #base = RETRY_DELAY;

  setDelayBase(delay: number): void {
    this.#base = delay;
  }

  computeNextBackoffDelay(attempt: number): number {
    const delay = Math.floor(Math.random() * Math.min(LONGEST_RETRY_DELAY, this.#base * 2 ** attempt));
    if (delay + LEAST_TRY_MS >= timeLeft()) throw new NoTimeLeftError("no time is left for another try");
    return delay;
  }
}

type Config = ReturnType<typeof configOf>;

function configOf({ endpoint, region, credentials, ...limits }: PipelineOptions) {
  const { tries, connectionTimeout, requestTimeout } = limits;
  const { protocol, hostname, port, pathname } = endpoint;
  const address = { protocol, hostname, path: pathname, ...(port !== "" && { port: Number(port) }) };
  const strategy = new StandardRetryStrategy({
    maxAttempts: tries,
    baseDelay: RETRY_DELAY,
    backoff: new TimelyBackoff(),
  });
  const signature = new SignatureV4({
    region,
    credentials,
    service: "dynamodb",
    sha256: Sha256,
    applyChecksum: false,
  });
  return {
    protocol: new AwsJson1_0Protocol({
      defaultNamespace: "com.amazonaws.dynamodb",
      serviceTarget: "DynamoDB_20120810",
      errorTypeRegistries,
      jsonCodec: new DynamoDBJsonCodec2(),
    }),
    endpoint: () => Promise.resolve(address),
    disableHostPrefix: true,
    retryStrategy: () => Promise.resolve(strategy),
    maxAttempts: () => Promise.resolve(tries),
    signature,
    requestHandler: new TimelyHttpHandler({ connectionTimeout, requestTimeout, throwOnRequestTimeout: true }),
    base64Decoder: fromBase64,
    base64Encoder: toBase64,
    streamCollector: collect,
    translateConfig: { marshallOptions: { removeUndefinedValues: true } },
  };
}

/**
 * Each try is signed anew, so that one after a wait has the right time. The SDK's correction of a wrong clock is left out: this one
 * is AWS's own, and were it minutes off, sessions would expire at the wrong time as well.
 */
function signing({ signature }: Config, { endpoint }: PipelineOptions): Plugin {
  const middleware: FinalizeRequestMiddleware<Input, Output> = (next) => async (args) => {
    const request = args.request as HttpRequest;
    request.headers["host"] = endpoint.host;
    return next({ ...args, request: await signature.sign(request) });
  };
  return {
    applyToStack: (stack) =>
      stack.addRelativeTo(middleware, {
        name: "signing",
        relation: "after",
        toMiddleware: "retryMiddleware",
      }),
  };
}

/** The whole of an answer. The SDK's own first looks whether it is a web stream, for which Node then loads those: milliseconds of a cold start. */
function collect(answer: Readable): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    answer.on("data", (chunk: Uint8Array) => void chunks.push(chunk));
    answer.once("end", () => resolve(Buffer.concat(chunks)));
    answer.once("error", reject);
  });
}

/** SHA-256 as the signer wants it, by Node's crypto alone. */
class Sha256 implements Checksum {
  readonly #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;

  constructor(secret?: SourceData) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", keyOf(secret));
  }

  update(data: Uint8Array): void {
    this.#hash.update(data);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): never {
    throw new Error("the signer never resets a hash");
  }
}

/** The key of each secret of bytes: Node would make one anew for each hash, which takes six times as long as the hash. */
const keys = new WeakMap<Uint8Array, KeyObject>();

function keyOf(secret: SourceData): BinaryLike | KeyObject {
  if (!(secret instanceof Uint8Array)) return secret as BinaryLike;
  const known = keys.get(secret);
  if (known !== undefined) return known;
  const key = createSecretKey(secret);
  keys.set(secret, key);
  return key;
}
