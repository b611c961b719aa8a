import type { Reference } from "./intrinsics.ts";
import { ACCOUNT_ID } from "./resource.ts";
import type { Template } from "./template.ts";

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

/** The defaults of a template's parameters, for those that have one. */
export function parameterReferences({ Parameters }: Template): [string, Reference][] {
  return Object.entries(Parameters).flatMap(([id, { Type, Default }]): [string, Reference][] => {
    if (typeof Default === "number") return [[id, { ref: String(Default), attributes: {} }]];
    if (typeof Default !== "string") return [];
    const isList = Type === "CommaDelimitedList" || Type.startsWith("List<");
    const ref = isList ? Default.split(",").map((item) => item.trim()) : Default;
    return [[id, { ref, attributes: {} }]];
  });
}
