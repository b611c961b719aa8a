import { z } from "zod";
import { LocalStackError } from "../errors.ts";
import { readEventPattern, type EventPattern } from "../outbox/event-pattern.ts";
import type { FunctionModels } from "./function-model.ts";
import { readOr, type OnUnsupported, type ResolvedResource } from "./resource.ts";

/** What follows from the events on the buses of a template, the account's `default` among them. */
export interface BusesModel {
  readonly rules: readonly RuleModel[];
  readonly schedules: readonly ScheduleModel[];
}

/** What a rule with a schedule invokes. */
export interface ScheduleModel {
  readonly name: string;
  readonly functionName: string;
  /** What the function gets. */
  readonly payload: string;
  /** How often, in milliseconds; a schedule of clock times is one of each day. */
  readonly everyMs: number;
}

export interface RuleModel {
  readonly name: string;
  readonly busName: string;
  readonly matches: EventPattern;
  readonly targets: readonly TargetModel[];
}

export type TargetModel =
  | { readonly kind: "function"; readonly functionName: string; readonly input: TargetInput }
  /** Said when an event matches: until then it troubles nobody. */
  | { readonly kind: "elsewhere"; readonly why: string };

/** What a target gets: the event, one part of it, or always the same. */
export type TargetInput =
  | { readonly kind: "event" }
  | { readonly kind: "part"; readonly path: readonly string[] }
  | { readonly kind: "constant"; readonly json: string };

const targetSchema = z.looseObject({
  Arn: z.string(),
  Input: z.string().optional(),
  InputPath: z.string().optional(),
});
const ruleSchema = z.object({
  Name: z.string().optional(),
  EventBusName: z.string().default("default"),
  State: z.string().default("ENABLED"),
  EventPattern: z.unknown().optional(),
  ScheduleExpression: z.string().optional(),
  Targets: z.array(targetSchema).default([]),
});

/**
 * The buses and their rules, and schedules of functions. Left out are disabled rules, and rules that lead to
 * what does not exist here. Told is a pattern that cannot be evaluated.
 */
export function readBuses(
  resources: readonly ResolvedResource[],
  functions: FunctionModels,
  onUnsupported: OnUnsupported,
): BusesModel {
  const resourcesOfRules = resources.filter(({ type }) => type === "AWS::Events::Rule");
  const rules = resourcesOfRules.flatMap((resource): RuleModel[] => {
    const rule = readRule(resource);
    if (rule?.EventPattern === undefined || rule.State === "DISABLED") return [];
    const name = rule.Name ?? resource.logicalId;
    return readOr<RuleModel[]>(
      `The rule ${name}`,
      () => [
        {
          name,
          busName: busNameIn(rule.EventBusName),
          matches: readEventPattern(rule.EventPattern, "eventbridge", `The rule ${name}`),
          targets: rule.Targets.map((target) => readTarget(target, functions)),
        },
      ],
      (why) => {
        onUnsupported(why);
        return [];
      },
    );
  });
  return { rules, schedules: resourcesOfRules.flatMap((resource) => readSchedules(resource, functions)) };
}

const UNITS_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const DAY_MS = 86_400_000;

function readSchedules(resource: ResolvedResource, functions: FunctionModels): ScheduleModel[] {
  const rule = readRule(resource);
  if (rule?.ScheduleExpression === undefined || rule.State === "DISABLED") return [];
  const [, count, unit = ""] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(rule.ScheduleExpression) ?? [];
  const everyMs = count === undefined ? DAY_MS : Number(count) * (UNITS_MS[unit] ?? DAY_MS);
  return rule.Targets.flatMap((target): ScheduleModel[] => {
    const read = readTarget(target, functions);
    if (read.kind !== "function" || read.input.kind !== "constant") return [];
    const name = rule.Name ?? resource.logicalId;
    return [{ name, functionName: read.functionName, payload: read.input.json, everyMs }];
  });
}

/** `undefined` where it leads to what does not exist here (a role of another service, say). */
function readRule(resource: ResolvedResource): z.infer<typeof ruleSchema> | undefined {
  try {
    return ruleSchema.parse(resource.properties());
  } catch (error) {
    if (error instanceof LocalStackError) return undefined;
    throw error;
  }
}

/** A bus is named by its name or by its ARN. */
export const busNameIn = (nameOrArn: string): string => /event-bus\/(.+)$/.exec(nameOrArn)?.[1] ?? nameOrArn;

/** `$.detail.id`, the form that EventBridge calls a path. */
const PATH = /^\$(\.[A-Za-z0-9_-]+)*$/;

function readTarget(target: z.infer<typeof targetSchema>, { functions }: FunctionModels): TargetModel {
  const functionName = /:function:([^:/]+)/.exec(target.Arn)?.[1];
  if (!functions.some(({ name }) => name === functionName) || functionName === undefined) {
    return { kind: "elsewhere", why: `${target.Arn} is not a function that runs here` };
  }
  if (target["InputTransformer"] !== undefined) {
    return { kind: "elsewhere", why: `${target.Arn} gets a transformed input, which is not made here` };
  }
  const { Input, InputPath } = target;
  if (Input !== undefined)
    return { kind: "function", functionName, input: { kind: "constant", json: Input } };
  if (InputPath === undefined) return { kind: "function", functionName, input: { kind: "event" } };
  return PATH.test(InputPath)
    ? { kind: "function", functionName, input: { kind: "part", path: InputPath.split(".").slice(1) } }
    : { kind: "elsewhere", why: `${target.Arn} gets ${InputPath}, which is not read here` };
}
