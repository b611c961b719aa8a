import { randomBytes } from "node:crypto";
import { GetFunctionConcurrencyCommand, InvokeCommand } from "@aws-sdk/client-lambda";
import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import { ENVIRONMENT } from "../../src/runtime/function-settings.ts";
import { connectFunctions } from "../invoke.ts";
import { environmentOf, type Patient } from "./patient.ts";
import { fail, ok, warn, type DoctorCheck } from "./verdict.ts";

/** What the construct of this version deploys to. */
const LEAST_NODE = 24;

const nameOf = ({ FunctionName: name = "?" }: FunctionConfiguration): string => name;
const namesOf = (found: readonly FunctionConfiguration[]): string => found.map(nameOf).join(", ");

/** A verdict on all functions by those that are not as they should be. */
async function without(
  { functions }: Patient,
  isWrong: (lambda: FunctionConfiguration) => boolean | Promise<boolean>,
  verdicts: {
    readonly right: (count: number) => string;
    readonly wrong: (names: string) => ReturnType<typeof fail>;
  },
): Promise<ReturnType<typeof ok>> {
  const all = await functions();
  if (all.length === 0) {
    return fail("the stack has no function with this sessions table", "Deploy it again.");
  }
  const wrong: FunctionConfiguration[] = [];
  for (const lambda of all) if (await isWrong(lambda)) wrong.push(lambda);
  return wrong.length === 0 ? ok(verdicts.right(all.length)) : verdicts.wrong(namesOf(wrong));
}

const settings: DoctorCheck = {
  name: "functions: settings",
  deployedOnly: true,
  run(patient) {
    const { era, usersTable, signInTable } = patient.located;
    const isOther = (given: string | undefined, expected: string | undefined): boolean =>
      given !== undefined && given !== "" && given !== expected;
    return without(
      patient,
      (lambda) => {
        const environment = environmentOf(lambda);
        return (
          isOther(environment[ENVIRONMENT.usersTable], usersTable) ||
          isOther(environment[ENVIRONMENT.signInTable], signInTable) ||
          isOther(eraIn(environment[ENVIRONMENT.settings]), era)
        );
      },
      {
        right: (count) => `${count} functions with the era ${JSON.stringify(era)} and the stack's tables`,
        wrong: (names) =>
          fail(
            `not those of the stack's output: ${names}`,
            "Deploy again: with two eras a token is live at one function and dead at another.",
          ),
      },
    );
  },
};

function eraIn(text: string | undefined): string | undefined {
  try {
    return (JSON.parse(text ?? "{}") as { era?: string }).era;
  } catch {
    return "unreadable";
  }
}

const state: DoctorCheck = {
  name: "functions: state",
  deployedOnly: true,
  run: (patient) =>
    without(
      patient,
      ({ State: now, LastUpdateStatus: update }) =>
        (now !== undefined && now !== "Active" && now !== "Inactive") || update === "Failed",
      {
        right: (count) => `${count} functions active`,
        wrong: (names) =>
          fail(`not active: ${names}`, "See the reason in the Lambda console, and deploy again."),
      },
    ),
};

const runtime: DoctorCheck = {
  name: "functions: runtime",
  deployedOnly: true,
  run: (patient) =>
    without(
      patient,
      ({ Runtime: version = "" }) => Number(/^nodejs(\d+)\./.exec(version)?.[1] ?? 0) < LEAST_NODE,
      {
        right: () => `Node.js ${LEAST_NODE} or newer`,
        wrong: (names) => warn(`an older runtime: ${names}`, "Deploy with this version of the construct."),
      },
    ),
};

const logs: DoctorCheck = {
  name: "functions: log lines",
  deployedOnly: true,
  run: (patient) =>
    without(
      patient,
      ({ LoggingConfig: logging }) => logging?.LogFormat !== "JSON" || logging.SystemLogLevel !== "WARN",
      {
        right: () => "JSON, without the platform's own lines",
        wrong: (names) =>
          warn(
            `not as deployed: ${names}`,
            "Deploy again: START, END and REPORT lines may cost more than the database.",
          ),
      },
    ),
};

const doors: DoctorCheck = {
  name: "functions: open for calls",
  deployedOnly: true,
  run: (patient) =>
    without(
      patient,
      async (lambda) => {
        const command = new GetFunctionConcurrencyCommand({ FunctionName: nameOf(lambda) });
        return (await patient.lambda.send(command)).ReservedConcurrentExecutions === 0;
      },
      {
        right: () => "none is closed",
        wrong: (names) =>
          fail(
            `closed by a reserved concurrency of 0: ${names}`,
            "aws lambda delete-function-concurrency, once a restore is over.",
          ),
      },
    ),
};

const mayInvoke: DoctorCheck = {
  name: "your permission to invoke",
  async run({ located, lambda }) {
    const { loginFunction, authorizeFunction, adminLogoutFunction, endSessionFunction } = located;
    const refused: string[] = [];
    for (const name of [loginFunction, authorizeFunction, adminLogoutFunction, endSessionFunction]) {
      if (name === undefined) continue;
      const command = new InvokeCommand({ FunctionName: name, InvocationType: "DryRun" });
      await lambda.send(command).catch((error: unknown) => {
        if ((error as Error).name !== "AccessDeniedException") throw error;
        refused.push(name);
      });
    }
    return refused.length === 0
      ? ok("login, authorize, admin-logout, end-session")
      : warn(
          `refused for ${refused.join(", ")}`,
          "Give yourself lambda:InvokeFunction on them for end, revoke and smoke.",
        );
  },
};

/** The one thing that is tried, not looked at: a grant that is missing shows in no setting. */
const reads: DoctorCheck = {
  name: "authorize reads the table",
  async run({ located }) {
    const functions = connectFunctions(located);
    try {
      const answer = await functions.invoke(located.authorizeFunction, {
        version: "2.0",
        type: "REQUEST",
        identitySource: null,
        routeKey: "GET /doctor",
        rawPath: "/doctor",
        rawQueryString: "",
        headers: { authorization: `Bearer ${randomBytes(32).toString("base64url")}` },
        requestContext: {
          http: { method: "GET", path: "/doctor", sourceIp: "127.0.0.1" },
          requestId: "doctor",
        },
      });
      return answer["isAuthorized"] === false
        ? ok("it refuses a token that nobody has")
        : fail("it let a token in that nobody has", "Take the stack out of service, and look at its code.");
    } catch (error) {
      return fail((error as Error).message, "See its log: the table or a grant may be missing.");
    } finally {
      functions.close();
    }
  },
};

/** What a deployment by hand, or one that stopped half way, leaves behind. */
export const FUNCTION_CHECKS: readonly DoctorCheck[] = [
  settings,
  state,
  runtime,
  logs,
  doors,
  mayInvoke,
  reads,
];
