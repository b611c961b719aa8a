/** Handlers of the fixture app. They are bundled and run in worker threads, as functions are. */
import { setTimeout as sleep } from "node:timers/promises";

interface HttpEvent {
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Context {
  readonly awsRequestId: string;
  readonly getRemainingTimeInMillis: () => number;
}

if (process.env["FAIL_LOADING"] !== undefined) throw new TypeError("cannot load");

let invocationsOfThisInstance = 0;

/** Answers with the event it got. */
export function echo(event: unknown): Promise<unknown> {
  return Promise.resolve({ statusCode: 200, body: JSON.stringify(event) });
}

/** Answers with what the request's body says. */
export function respond(event: HttpEvent): Promise<unknown> {
  return Promise.resolve(JSON.parse(event.body ?? "null"));
}

/** Says what the `x-pass` header asks for. */
export function authorize(event: HttpEvent): Promise<unknown> {
  invocationsOfThisInstance += 1;
  switch (event.headers["x-pass"] ?? "") {
    case "yes":
      return Promise.resolve({
        isAuthorized: true,
        context: { userId: "alice", list: ["a"], calls: invocationsOfThisInstance, event },
      });
    case "nonsense":
      return Promise.resolve({ isAuthorized: "yes" });
    case "throw":
      return Promise.reject(new Error("no answer"));
    default:
      return Promise.resolve({ isAuthorized: false });
  }
}

/** Does what a direct invocation asks for. */
export async function act(event: { do?: string; ms?: number }, context: Context): Promise<unknown> {
  invocationsOfThisInstance += 1;
  switch (event.do ?? "") {
    case "throw":
      throw new RangeError("out of range");
    case "throw-text":
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- what a handler may do all the same
      throw "just text";
    case "exit":
      return process.exit(7);
    case "crash":
      setTimeout(() => {
        throw new Error("in the background");
      });
      return sleep(60_000);
    case "sleep":
      await sleep(event.ms);
      return "slept";
    case "log":
      // eslint-disable-next-line no-console -- what reaches the log is what is tested
      console.log("to the log");
      // eslint-disable-next-line no-console -- likewise
      console.error("to the error log");
      return null;
    case "environment":
      return { ...process.env };
    case "context":
      return { ...context, remaining: context.getRemainingTimeInMillis() };
    case "nothing":
      return undefined;
    default:
      return { event, invocationsOfThisInstance };
  }
}
