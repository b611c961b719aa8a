import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bundleFunction } from "../../infra/bundle.ts";
import { FUNCTION_IDS, LOGIN_OIDC, type FunctionId } from "../../infra/function-ids.ts";
import { ALL_CALLS } from "../../src/api/calls.ts";

const ALL = ALL_CALLS;

describe("a path of the API", () => {
  /**
   * The client takes only types, so that it has its routes as texts; the compiler compares them with the
   * contract.
   */
  const CLIENT_ROUTES = join("client", "routes.ts");
  /** Pages of Cognito have paths that the API has, too. */
  const PROVIDER_PAGES = join("local", "provider", "front.ts");
  const ROOMS = ["cli", "client", "console/src", "functions", "infra", "local", "openapi", "src"];
  const sources = ROOMS.flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => join(room, name)),
  ).filter(
    (name) => !/^(src\/api|cli\/smoke-)/.test(name) && ![CLIENT_ROUTES, PROVIDER_PAGES].includes(name),
  );

  /** Texts in code that begin with one of the paths, alone or after an address. */
  const written = new RegExp(
    `["'\`}](?:${ALL.map(({ path }) => path.replace(/\{.*/, "")).join("|")})(?=["'\`?/])`,
    "g",
  );
  const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");

  it("is written in its contract and nowhere else", () => {
    const found = sources.flatMap((file) =>
      [...withoutComments(readFileSync(file, "utf8")).matchAll(written)].map(([text]) => `${file}: ${text}`),
    );
    expect(found).toEqual([]);
  });

  it("is found by this search where it is written", () => {
    for (const text of ['"/sessions"', "`${url}/login`", '"/session?watch=1"', "'/admin/sessions/' + id"]) {
      expect(text).toMatch(new RegExp(written.source));
    }
  });
});

describe("what only documentation needs of a contract", () => {
  const told = ALL.flatMap(({ summary, tag }) => [summary, `"${tag}"`]);
  /**
   * Schemas of responses, the table of problems, examples, and the build of zod that responses are written
   * in.
   */
  const FOR_DOCUMENTS =
    /src\/api\/(?:calls|parts\/(?:views|activity-views|problems|problem-groups|examples))\.[jt]s$|zod\/v4\/classic/;

  it.each<FunctionId>([...FUNCTION_IDS, LOGIN_OIDC])("is not in the bundle of %s", (id) => {
    const [code = "", map = ""] = bundleFunction({ id })
      .toSorted((a, b) => a.name.length - b.name.length)
      .map(({ contents }) => Buffer.from(contents).toString());
    expect(told.filter((text) => code.includes(text))).toEqual([]);
    const { sources } = JSON.parse(map) as { sources: string[] };
    expect(sources.filter((source) => FOR_DOCUMENTS.test(source))).toEqual([]);
    expect(sources).toContain("src/api/parts/problem-codes.ts");
  });
});
