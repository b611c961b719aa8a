import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { wireDirectory, wirePasswords } from "../../functions/wiring.ts";
import { createPasswordHasher } from "../../src/identity/password-hash.ts";
import { addUsers, json, PASSWORD, startFunctions, type Functions } from "../functions/harness.ts";
import { sdkDocumentClient } from "../support/dynamodb.ts";
import { createTables } from "../support/tables.ts";

const WRONG = "not-the-password-at-all";

/** Who is tried, and with what: for whoever tries, all of them must be one. */
const TRIED: readonly (readonly [string, string, string])[] = [
  ["a known user with a wrong password", "alice", WRONG],
  ["an unknown user", "nobody", WRONG],
  ["an unknown user with a password that others have", "nobody", PASSWORD],
  ["a disabled user with a wrong password", "gone", WRONG],
  ["a disabled user with the right password", "gone", PASSWORD],
  ["a removed user with the password there was", "removed", PASSWORD],
  ["a name that nobody can have", "corp:alice", WRONG],
];

describe("user enumeration by answers", () => {
  let functions: Functions;
  beforeAll(async () => {
    functions = await startFunctions();
    await addUsers(functions.directory, { alice: {}, gone: {}, removed: {} });
    await functions.directory.setDisabled("gone", true);
    await functions.directory.remove("removed");
  });
  afterAll(() => void vi.restoreAllMocks());

  test("every refusal is the same, byte for byte, headers included", async () => {
    const answers = new Set<string>();
    for (const [, username, password] of TRIED) {
      const answer = await functions.send("POST /login", json({ username, password }));
      answers.add(JSON.stringify([answer.status, answer.headers, answer.cookies, answer.text]));
    }
    expect([...answers]).toHaveLength(1);
  });
});

describe("user enumeration by time", () => {
  test.each(TRIED)(
    "%s costs one hashing and the same requests as any other",
    async (_, username, password) => {
      const documents = sdkDocumentClient();
      const requests: string[] = [];
      const parts = { documents, tables: await createTables(documents), clock: () => 1000 };
      const directory = wireDirectory(parts)!;
      await addUsers(directory, { alice: {}, gone: {} });
      await directory.setDisabled("gone", true);
      const hasher = createPasswordHasher();
      let hashings = 0;
      const counting = {
        ...hasher,
        verify: (text: string, hash: string) => {
          hashings++;
          return hasher.verify(text, hash);
        },
      };
      const source = wirePasswords({ ...parts, hasher: counting })!;
      documents.middlewareStack.add(
        (next, context) => (sent) => {
          requests.push(context.commandName ?? "");
          return next(sent);
        },
        { step: "initialize" },
      );
      expect(await source.authenticate({ username, password }, { address: "192.0.2.1" })).toEqual({
        outcome: "refused",
      });
      expect(hashings).toBe(1);
      // The address, the name, and the directory; the last is not asked for a name that cannot be in it.
      const expected = ["UpdateItemCommand", "UpdateItemCommand", "GetItemCommand"];
      expect(requests).toEqual(username.includes(":") ? expected.slice(0, 2) : expected);
    },
  );
});
