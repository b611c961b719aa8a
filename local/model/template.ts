import { z } from "zod";

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Metadata: z.record(z.string(), z.unknown()).default({}),
  Condition: z.string().optional(),
});

const outputSchema = z.object({
  Value: z.unknown(),
  Export: z.object({ Name: z.unknown() }).optional(),
  Condition: z.string().optional(),
});

const parameterSchema = z.object({ Type: z.string().default("String"), Default: z.unknown().optional() });

/** A parameter, whose value may be in the Parameter Store of SSM. */
export interface TemplateParameter {
  /** What somebody calls it: the logical id, or the name in the Parameter Store. */
  readonly name: string;
  readonly isList: boolean;
  /** Absent where the template does not say it. */
  readonly value?: string;
}

const IN_PARAMETER_STORE = /^AWS::SSM::Parameter::Value<(.+)>$/;

function readParameter(id: string, { Type, Default }: z.infer<typeof parameterSchema>): TemplateParameter {
  const stored = IN_PARAMETER_STORE.exec(Type)?.[1];
  const type = stored ?? Type;
  const isList = type === "CommaDelimitedList" || type.startsWith("List<");
  const text = typeof Default === "string" || typeof Default === "number" ? String(Default) : undefined;
  // The default of a stored one is its name.
  if (stored !== undefined) return { name: text ?? id, isList };
  return { name: id, isList, ...(text !== undefined && { value: text }) };
}

/** What of a template is read here. */
export const templateSchema = z.object({
  Resources: z.record(z.string(), resourceSchema).default({}),
  Outputs: z.record(z.string(), outputSchema).default({}),
  Parameters: z
    .record(z.string(), parameterSchema)
    .default({})
    .transform((all) =>
      Object.fromEntries(Object.entries(all).map((one) => [one[0], readParameter(...one)])),
    ),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
});

export type TemplateResource = z.infer<typeof resourceSchema>;
export type Template = z.infer<typeof templateSchema>;
