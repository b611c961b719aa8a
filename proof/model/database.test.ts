import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { TransactionCanceledException, ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  ScanCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
  type DynamoDBDocumentClient,
} from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { describe, expect, test } from "vitest";
import {
  createDirectoryTable,
  createSessionsTable,
  createSignInTable,
  testClient,
} from "../../test/support/dynamodb.ts";
import type { Answer, Reason } from "./answer.ts";
import {
  EMPTY,
  finished,
  readItem,
  readTogether,
  writeItem,
  writeTogether,
  type Database,
} from "./database.ts";
import { runOperation } from "./operation.ts";
import { loadProduct } from "./product.ts";
import { askOf, placeOf, SESSIONS, SIGN_IN, USERS, type Request } from "./request.ts";
import { castOf, START } from "./scenario.ts";
import { SCENARIOS } from "./scenarios.ts";

const COMMANDS = {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
};
type Input = Request["input"];

/** The model's database and DynamoDB Local side by side, asked the same. */
class SideBySide {
  database: Database = EMPTY;
  readonly sent: { readonly request: Request; readonly answer: Answer }[] = [];
  readonly differences: { readonly request: Request; readonly modelled: Answer; readonly answer: Answer }[] =
    [];
  readonly #real = testClient();
  readonly #tables = new Map<string, string>();

  static async create(): Promise<SideBySide> {
    const both = new SideBySide();
    both.#tables.set(SESSIONS, await createSessionsTable());
    both.#tables.set(USERS, await createDirectoryTable());
    both.#tables.set(SIGN_IN, await createSignInTable());
    return both;
  }

  get client(): DynamoDBDocumentClient {
    const send = async (command: { input: Input }): Promise<unknown> =>
      this.ask(command.constructor.name, command.input);
    return { send } as unknown as DynamoDBDocumentClient;
  }

  /** Asks both, and notes where they answer differently. */
  async ask(command: string, input: Input): Promise<unknown> {
    const request: Request = { index: this.sent.length, command, input };
    const modelled = this.#model(request);
    const { answer, output, error } = await this.#realAnswer(request);
    if (!isDeepStrictEqual(modelled, answer)) this.differences.push({ request, modelled, answer });
    this.sent.push({ request, answer });
    if (error !== undefined) throw error as Error;
    return output;
  }

  #model(request: Request): Answer {
    const ask = askOf(request);
    const output = (more: Record<string, unknown>): Answer => ({ answer: "output", output: more });
    const item = (place: string) => readItem(this.database, place)[0]!.item;
    switch (ask.ask) {
      case "read":
        return output(item(ask.place) === undefined ? {} : { Item: item(ask.place) });
      case "read-together":
        return readTogether(this.database, ask.places)[0]!.answer;
      case "read-each": {
        const found = ask.keys
          .map(({ table, key }) => item(placeOf(table, key)))
          .filter((one) => one !== undefined);
        return output({ Responses: sorted(found) });
      }
      case "write": {
        const turn = writeItem(this.database, ask.write)[0]!;
        this.database = turn.database;
        return turn.answer;
      }
      case "write-each":
        for (const write of ask.writes) this.database = writeItem(this.database, write)[0]!.database;
        return output({});
      case "write-together": {
        const turn = writeTogether(this.database, ask.writes, ask.token)[0]!;
        this.database = turn.answer === "begun" ? finished(turn.database, ask.token) : turn.database;
        return turn.answer === "begun" ? output({}) : turn.answer;
      }
    }
  }

  async #realAnswer({
    command,
    input,
  }: Request): Promise<{ answer: Answer; output?: unknown; error?: unknown }> {
    const Command = COMMANDS[command as keyof typeof COMMANDS] as unknown as new (
      input: unknown,
    ) => GetCommand;
    try {
      const output = (await this.#real.send(new Command(this.#renamed(input)))) as Record<string, unknown>;
      const { Item: item, Responses: responses } = output;
      const kept = {
        ...(item !== undefined && { Item: item }),
        ...(responses !== undefined && { Responses: responses }),
      };
      if (command !== "BatchGetCommand") return { answer: { answer: "output", output: kept }, output };
      const byTable = responses as Record<string, object[]>;
      const found = Object.values(byTable).flat();
      const named = {
        Responses: Object.fromEntries([...this.#tables].map(([name, table]) => [name, byTable[table] ?? []])),
      };
      return { answer: { answer: "output", output: { Responses: sorted(found) } }, output: named };
    } catch (error) {
      return { answer: answerOf(error), error };
    }
  }

  /** The input with the real tables' names. */
  #renamed(input: Input): unknown {
    const rename = (key: string, value: unknown): unknown => {
      // The same token in another table would be another transaction's.
      if (key === "ClientRequestToken") return hashOf(`${this.#tables.get(SESSIONS)!}/${value as string}`);
      if (key === "TableName") return this.#tables.get(value as string);
      if (key !== "RequestItems") return value;
      return Object.fromEntries(
        Object.entries(value as object).map(([name, entry]: [string, unknown]) => [
          this.#tables.get(name),
          entry,
        ]),
      );
    };
    return JSON.parse(JSON.stringify(input, rename)) as unknown;
  }

  /** All items that there are, of the model and of DynamoDB Local. */
  async items(): Promise<{ modelled: object; real: object }> {
    const real: [string, unknown][] = [];
    for (const [name, table] of this.#tables) {
      const { Items = [] } = await this.#real.send(
        new ScanCommand({ TableName: table, ConsistentRead: true }),
      );
      real.push(...Items.map((item): [string, unknown] => [placeOf(name, item), item]));
    }
    return { modelled: this.database.items, real: Object.fromEntries(real) };
  }
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 36);

const sorted = (items: readonly object[]): object[] =>
  items.toSorted((a, b) => (keyIn(a) < keyIn(b) ? -1 : 1)).map(sortedKeys);

const keyIn = (item: object): string => String((item as { pk?: string }).pk);

const sortedKeys = (item: object): object =>
  Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)));

function answerOf(error: unknown): Answer {
  if (error instanceof TransactionCanceledException) {
    const reasons = (error.CancellationReasons ?? []).map(({ Code, Item: item }) => ({
      Code,
      ...(item !== undefined && { Item: unmarshall(item) }),
    }));
    return { answer: "cancelled", reasons: reasons as Reason[] };
  }
  if (error instanceof ConditionalCheckFailedException) return { answer: "condition-failed" };
  throw error;
}

/** Scenarios that together have every operation, every policy and every check. */
const EVERY_OPERATION = [
  "login that presents its old session, and logout",
  "touch and revoke",
  "login by password and disable",
  "two logins by one token for one sign-in",
  "endOne and login",
  "endOthers and logout",
  "revokeOne and logout",
  "two logins, limit 2, refused at it",
  "two logins, limit 2, ask at it",
  "login by a clock that is ahead, and a session expired by it alone",
  "revoke by a clock that is ahead, and touch by one that is behind",
  "S1: login by id token, and then the access token of the same sign-in",
  "R2, R3: logout of a sign-in beside two uses of it",
  "Q1, Q2: revoke beside an admission, nothing listed",
  "R4: end others beside an admission at the limit",
];

describe("the model's database answers as DynamoDB does", () => {
  test.each(SCENARIOS.filter(({ name }) => EVERY_OPERATION.includes(name)))(
    "in $name, one operation after the other",
    async (scenario) => {
      const product = await loadProduct();
      const both = await SideBySide.create();
      const cast = castOf(product, scenario);
      for (const user of scenario.directory ?? [])
        await both.ask("PutCommand", { TableName: USERS, Item: user });
      const atOnce = scenario.atOnce.map((operation) => ({ agoMs: 0, operation }));
      const operations = [...scenario.before, ...atOnce];
      for (const { agoMs, operation } of operations) {
        const result = await runOperation(product, cast, operation, {
          documents: both.client,
          clock: () => START - agoMs + (operation.skewMs ?? 0),
          sleep: () => Promise.resolve(),
          jitter: () => 0,
          stopwatch: () => 0,
        });
        expect(result).not.toMatchObject({ result: "fault" });
      }
      // Once more: now most conditions fail, and what is told of the items found is compared too.
      for (const { request } of [...both.sent]) {
        const { ClientRequestToken: token } = request.input as { ClientRequestToken?: string };
        const again =
          token === undefined
            ? request.input
            : { ...request.input, ClientRequestToken: `${token.slice(0, 30)}-again` };
        await both.ask(request.command, again).catch(() => undefined);
        if (token !== undefined) await both.ask(request.command, request.input).catch(() => undefined);
      }
      expect(both.differences).toEqual([]);
      const { modelled, real } = await both.items();
      expect(modelled).toEqual(real);
    },
  );
});
