import { LocalStackError } from "../errors.ts";
import { madeUpName, type Reference } from "./intrinsics.ts";
import { ACCOUNT_ID } from "./resource.ts";
import type { Template } from "./template.ts";

/** The value of a parameter, as somebody gives it. */
export interface ParameterValue {
  /** The logical id, or what it is called in the Parameter Store of SSM. */
  readonly name: string;
  readonly value: string;
}

type Parameters = Template["Parameters"];

/** The CDK's own, which only its rules read. */
const BOOTSTRAP_VERSION = "BootstrapVersion";

/** What every template may refer to. */
export function pseudoParameters(stackName: string, region: string): [string, Reference][] {
  const values = {
    "AWS::Region": region,
    "AWS::AccountId": ACCOUNT_ID,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": stackName,
    "AWS::StackId": `arn:aws:cloudformation:${region}:${ACCOUNT_ID}:stack/${stackName}/local`,
  };
  return Object.entries(values).map(([name, ref]) => [name, { ref, attributes: {} }]);
}

/** The parameters, with the values given. */
export const withValues = (parameters: Parameters, given: readonly ParameterValue[]): Parameters =>
  Object.fromEntries(
    Object.entries(parameters).map(([id, parameter]) => {
      const own = given.find(({ name }) => name === id || name === parameter.name);
      return [id, own === undefined ? parameter : { ...parameter, value: own.value }];
    }),
  );

/** The values of a template's parameters, for those that have one. */
export function parameterReferences({ Parameters }: Pick<Template, "Parameters">): [string, Reference][] {
  return Object.entries(Parameters).flatMap(([id, { isList, value }]): [string, Reference][] => {
    if (value === undefined) return [];
    const ref = isList ? value.split(",").map((item) => item.trim()) : value;
    return [[id, { ref, attributes: {} }]];
  });
}

/** Names that lead nowhere, for those that have no value. */
export function parameterStandIns({ Parameters }: Pick<Template, "Parameters">): [string, Reference][] {
  return Object.entries(Parameters).flatMap(([id, { isList, value }]): [string, Reference][] => {
    const name = madeUpName(id);
    const standIn = { ref: isList ? [name] : name, attributes: {}, isStandIn: true, madeUp: name };
    return value === undefined ? [[id, standIn]] : [];
  });
}

/** @throws LocalStackError for a value of a parameter that no stack has, naming those that they have. */
export function checkParameterNames(given: readonly ParameterValue[], all: readonly Parameters[]): void {
  const known = all.flatMap((parameters) => Object.entries(parameters));
  const unknown = given.find((own) => !known.some(([id, { name }]) => own.name === id || own.name === name));
  if (unknown === undefined) return;
  const names = known.flatMap(([id, { name }]) => (id === BOOTSTRAP_VERSION ? [] : [name]));
  const there = names.length === 0 ? "the stacks have none" : `there are ${[...new Set(names)].join(", ")}`;
  throw new LocalStackError(`--parameter names ${unknown.name}; ${there}.`);
}
