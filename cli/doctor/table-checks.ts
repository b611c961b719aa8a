import { DescribeContinuousBackupsCommand, DescribeTimeToLiveCommand } from "@aws-sdk/client-dynamodb";
import { TTL_ATTRIBUTE } from "../../src/sessions/table.ts";
import type { Patient } from "./patient.ts";
import { fail, ok, warn, type DoctorCheck } from "./verdict.ts";

const names = (found: readonly string[]): string => found.join(", ");

const active: DoctorCheck = {
  name: "tables: there and active",
  async run({ tables, table }) {
    for (const [what, name] of tables) {
      const { TableStatus: status } = await table(name);
      if (status !== "ACTIVE" && status !== "UPDATING") {
        return fail(`the ${what} table is ${status}`, "Wait until it is active, or restore it.");
      }
    }
    return ok(`${names(tables.map(([what]) => what))}: active`);
  },
};

const stream: DoctorCheck = {
  name: "sessions table: stream",
  async run({ located, table }) {
    const { StreamSpecification: specification } = await table(located.sessionsTable);
    const view = specification?.StreamViewType ?? "off";
    return view === "NEW_AND_OLD_IMAGES"
      ? ok("on, with new and old images")
      : fail(
          `the stream is ${view}`,
          "Switch it on with NEW_AND_OLD_IMAGES: without it there are no events.",
        );
  },
};

const timeToLive: DoctorCheck = {
  name: "tables: time to live",
  async run({ tables, dynamoDb }) {
    const off: string[] = [];
    const expiring = tables.filter(([what]) => what !== "users");
    for (const [what, TableName] of expiring) {
      const answer = await dynamoDb.send(new DescribeTimeToLiveCommand({ TableName }));
      const { TimeToLiveStatus: status, AttributeName: attribute } = answer.TimeToLiveDescription ?? {};
      const isOn = status === "ENABLED" || status === "ENABLING";
      if (!isOn || attribute !== TTL_ATTRIBUTE) off.push(what);
    }
    return off.length === 0
      ? ok(`on for ${names(expiring.map(([what]) => what))}`)
      : fail(
          `off for ${names(off)}`,
          `Switch it on for the attribute ${TTL_ATTRIBUTE}: old items stay and are paid for.`,
        );
  },
};

const recovery: DoctorCheck = {
  name: "tables: point-in-time recovery",
  deployedOnly: true,
  async run({ tables, dynamoDb }) {
    const off: string[] = [];
    for (const [what, TableName] of tables) {
      const answer = await dynamoDb.send(new DescribeContinuousBackupsCommand({ TableName }));
      const recovery = answer.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
      if (recovery?.PointInTimeRecoveryStatus !== "ENABLED") off.push(what);
    }
    return off.length === 0
      ? ok("on for all")
      : warn(
          `off for ${names(off)}`,
          "Switch it on: a restore leaves it out, and so does somebody in a hurry.",
        );
  },
};

const protection: DoctorCheck = {
  name: "tables: deletion protection",
  deployedOnly: true,
  async run({ tables, table }) {
    const off: string[] = [];
    for (const [what, name] of tables) {
      if ((await table(name)).DeletionProtectionEnabled !== true) off.push(what);
    }
    return off.length === 0
      ? ok("on for all")
      : warn(`off for ${names(off)}`, "Switch it on, unless removalPolicy says that the tables may go.");
  },
};

/** How far clocks may be apart before times that commands write are wrong by more than people notice. */
const MOST_SKEW_MS = 5000;
const HTTP_DATE_STEP_MS = 1000;

const clock: DoctorCheck = {
  name: "clock of this machine",
  async run(patient) {
    const skewMs = await skewOf(patient);
    if (skewMs === undefined) return ok("DynamoDB does not say its time");
    const seconds = Math.round(skewMs / 1000);
    return Math.abs(skewMs) <= MOST_SKEW_MS + HTTP_DATE_STEP_MS
      ? ok("right to some seconds")
      : fail(
          `${Math.abs(seconds)} s ${seconds > 0 ? "ahead of" : "behind"} DynamoDB's`,
          "Set it: the commands that change users write times by it, and AWS refuses requests 5 minutes off.",
        );
  },
};

/** This machine's time less that of an answer's `Date`, in milliseconds. */
async function skewOf({ dynamoDb, located }: Patient): Promise<number | undefined> {
  let skew: number | undefined;
  const command = new DescribeTimeToLiveCommand({ TableName: located.sessionsTable });
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { headers } = result.response as { headers?: Record<string, string> };
      const date = Date.parse(headers?.["date"] ?? "");
      if (!Number.isNaN(date)) skew = Date.now() - date;
      return result;
    },
    { step: "deserialize", name: "readDate" },
  );
  await dynamoDb.send(command);
  return skew;
}

/** What a restore or a hand in the console leaves out. */
export const TABLE_CHECKS: readonly DoctorCheck[] = [active, stream, timeToLive, recovery, protection, clock];
