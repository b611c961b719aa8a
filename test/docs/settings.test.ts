import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { PROJECT_FOLDER } from "../../local/synthesize.ts";

const read = (path: string): string => readFileSync(join(PROJECT_FOLDER, path), "utf8");

/** What people set; what `aws-cdk-lib` brings to a stack's props is CDK's to describe. */
const PROPS = [
  "SingleSessionProps",
  "SingleSessionStackProps",
  "SingleSessionConsoleOptions",
  "SessionEventOptions",
  "SessionFunctionOptions",
  "MonitorProps",
  "AlarmOptions",
  "Objectives",
  "AuthorizerCache",
  "SessionThrottle",
  "RouteThrottle",
  "OidcIdentitySource",
  "CognitoIdentitySource",
];

const interfaces = readInterfaces();
const page = read("docs/reference/settings.md").replaceAll(/^```.*?^```$/gms, "");
const namedOnPage = [...page.matchAll(/`[^`]+`/g)].join(" ");

test.each(PROPS)("each property of %s is on the page of the settings", (name) => {
  const properties = propertiesOf(name);
  expect(properties).not.toEqual([]);
  const missing = properties.filter((property) => !new RegExp(`\\b${property}\\b`).test(namedOnPage));
  expect(missing).toEqual([]);
});

/** Its own properties, and those that it inherits within the project. */
function propertiesOf(name: string): string[] {
  const found = interfaces.get(name);
  if (found === undefined) return [];
  const bases = (found.heritageClauses ?? []).flatMap(({ types }) => types.map((base) => base.getText()));
  return [
    ...found.members.flatMap((member) => (member.name === undefined ? [] : [member.name.getText()])),
    ...bases.flatMap(propertiesOf),
  ];
}

function readInterfaces(): ReadonlyMap<string, ts.InterfaceDeclaration> {
  return new Map(
    globSync("infra/**/*.ts", { cwd: PROJECT_FOLDER })
      .flatMap((path) => ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true).statements)
      .filter((statement) => ts.isInterfaceDeclaration(statement))
      .map((declaration) => [declaration.name.text, declaration]),
  );
}
