import { readFileSync } from "node:fs";
import { join } from "node:path";
import { HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks, ServerlessChecks } from "cdk-nag";
import { Bucket } from "aws-cdk-lib/aws-s3";
import type { IConstruct } from "constructs";
import { describe, expect, it } from "vitest";
import { TEMPLATE_VARIANTS } from "../support/template-variants.ts";
import { appStack } from "./support.ts";

/**
 * The packs of cdk-nag beside AWS Solutions, in which nothing is found. What these find and what stays is in
 * `docs/design/rule-packs.md`.
 */
const PACKS = [
  { name: "NIST.800.53.R5", Pack: NIST80053R5Checks },
  { name: "PCI.DSS.321", Pack: PCIDSS321Checks },
  { name: "HIPAA.Security", Pack: HIPAASecurityChecks },
  { name: "Serverless", Pack: ServerlessChecks },
];

interface Finding {
  readonly pack: string;
  readonly rule: string;
  /** The construct's path below the stack: `Sessions/login`. */
  readonly path: string;
}

/** One row of the table: a rule, where its findings are accepted, and why. */
interface Accepted {
  readonly rule: string;
  readonly packs: readonly string[];
  readonly on: readonly string[];
  readonly reason: string;
}

const cells = (line: string): string[] =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
const inCode = (cell = ""): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);

const ACCEPTED = readFileSync(join(import.meta.dirname, "../../docs/design/rule-packs.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map(cells)
  .map(([rule, packs = "", on, reason = ""]): Accepted => {
    return { rule: inCode(rule)[0] ?? "", packs: packs.split(", "), on: inCode(on), reason };
  });

/** `*` is any text without a slash. */
const matches = (pattern: string, path: string): boolean =>
  new RegExp(`^${pattern.replaceAll("*", "[^/]*")}$`).test(path);

const isAccepted = ({ pack, rule, path }: Finding, row: Accepted): boolean =>
  row.rule === rule && row.packs.includes(pack) && row.on.some((pattern) => matches(pattern, path));

function findingsIn(scope: IConstruct): Finding[] {
  return PACKS.flatMap(({ name, Pack }) =>
    new Pack(scope).validateScope(scope).violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath = "" }) => ({
        pack: name,
        rule: ruleName.replace(`${name}-`, ""),
        path: constructPath
          .split("/")
          .slice(1)
          .join("/")
          .replace(/\/Resource$/, ""),
      })),
    ),
  );
}

const unlisted = (findings: readonly Finding[]): Finding[] =>
  findings.filter((finding) => !ACCEPTED.some((row) => isAccepted(finding, row)));

const found = new Map(TEMPLATE_VARIANTS.map(({ name, make }) => [name, findingsIn(make())]));

describe("the rule packs NIST 800-53, PCI DSS, HIPAA and Serverless", () => {
  it.each(TEMPLATE_VARIANTS)(
    "find nothing in the template $name that is not listed with a reason",
    ({ name }) => {
      expect(unlisted(found.get(name)!)).toEqual([]);
    },
  );

  it("find each listed thing in some form of the template: a row that is no longer needed goes", () => {
    const all = [...found.values()].flat();
    const stale = ACCEPTED.flatMap((row) => [
      ...row.on
        .filter((pattern) => !all.some((finding) => isAccepted(finding, { ...row, on: [pattern] })))
        .map((pattern) => `${row.rule} on ${pattern}`),
      ...row.packs
        .filter((pack) => !all.some((finding) => isAccepted(finding, { ...row, packs: [pack] })))
        .map((pack) => `${row.rule} of ${pack}`),
    ]);
    expect(stale).toEqual([]);
  });

  it("are listed with a reason in each row", () => {
    expect(ACCEPTED.length).toBeGreaterThan(5);
    for (const { rule, reason } of ACCEPTED) expect(reason.length, rule).toBeGreaterThan(40);
  });

  it("would find what is wrong: a bucket that can be reached without TLS", () => {
    const stack = appStack({ console: false });
    new Bucket(stack, "Open");
    const rules = unlisted(findingsIn(stack)).map(({ pack, rule, path }) => `${pack} ${rule} ${path}`);
    expect(rules).toContain("NIST.800.53.R5 S3BucketSSLRequestsOnly Open");
    expect(rules).toContain("PCI.DSS.321 S3BucketSSLRequestsOnly Open");
  });
});
