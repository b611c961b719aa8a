import { InvalidArgumentError } from "commander";
import { LocalStackError } from "../errors.ts";
import type { FunctionModel } from "../model/function-model.ts";
import type { ParameterValue } from "../model/parameters.ts";
import type { Provided } from "../model/placeholders.ts";

/** `--env reports:BUCKET=my-bucket`. */
export interface FunctionVariable {
  readonly functionName: string;
  readonly variable: string;
  readonly value: string;
}

/** `--endpoint s3=http://localhost:9000`. */
export interface ServiceEndpoint {
  readonly service: string;
  readonly url: string;
}

export function collectVariable(text: string, earlier: readonly FunctionVariable[]): FunctionVariable[] {
  const [, functionName, variable, value] = /^([^:=]+):([A-Za-z][A-Za-z0-9_]*)=(.*)$/s.exec(text) ?? [];
  if (functionName === undefined || variable === undefined || value === undefined) {
    throw new InvalidArgumentError("A variable is FUNCTION:KEY=VALUE, as in reports:BUCKET=my-bucket.");
  }
  return [...earlier, { functionName, variable, value }];
}

export function collectEndpoint(text: string, earlier: readonly ServiceEndpoint[]): ServiceEndpoint[] {
  const [, service, url] = /^([A-Za-z][A-Za-z0-9_ -]*)=(https?:\/\/.+)$/.exec(text) ?? [];
  if (service === undefined || url === undefined || !URL.canParse(url)) {
    throw new InvalidArgumentError("An endpoint is SERVICE=URL, as in s3=http://localhost:9000.");
  }
  return [...earlier, { service: service.toLowerCase().replaceAll(/[ -]/g, "_"), url }];
}

const isFor = ({ functionName }: FunctionVariable, name: string, logicalId: string): boolean =>
  functionName === name || functionName === logicalId;

export function collectParameter(text: string, earlier: readonly ParameterValue[]): ParameterValue[] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError("A parameter is NAME=VALUE, as in /shop/issuer=https://id.example.com.");
  }
  if (earlier.some((given) => given.name === name)) {
    throw new InvalidArgumentError(`The parameter ${name} has a value already.`);
  }
  return [...earlier, { name, value }];
}

/** What is provided by these options, for the messages of what is not. */
export function providedBy(
  variables: readonly FunctionVariable[],
  endpoints: readonly ServiceEndpoint[],
): Provided {
  return {
    hasVariable: (name, logicalId, variable) =>
      variables.some((given) => given.variable === variable && isFor(given, name, logicalId)),
    hasEndpoint: (service) => endpoints.some((given) => given.service === service),
  };
}

/** The variables by which the AWS SDKs find services ("Service-specific endpoints"). */
export const endpointVariables = (endpoints: readonly ServiceEndpoint[]): Record<string, string> =>
  Object.fromEntries(endpoints.map(({ service, url }) => [`AWS_ENDPOINT_URL_${service.toUpperCase()}`, url]));

/** The variables that are for one function. */
export const variablesOf = (
  variables: readonly FunctionVariable[],
  { name, logicalId }: FunctionModel,
): Record<string, string> =>
  Object.fromEntries(
    variables
      .filter((given) => isFor(given, name, logicalId))
      .map(({ variable, value }) => [variable, value]),
  );

/** @throws LocalStackError for a variable of a function that does not exist, naming those that do. */
export function checkFunctionNames(
  variables: readonly FunctionVariable[],
  functions: readonly FunctionModel[],
): void {
  for (const given of variables) {
    if (functions.some(({ name, logicalId }) => isFor(given, name, logicalId))) continue;
    const names = functions.map(({ name }) => name).join(", ");
    throw new LocalStackError(`--env names the function ${given.functionName}; there are ${names}.`);
  }
}
