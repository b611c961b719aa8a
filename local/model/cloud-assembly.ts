import { existsSync } from "node:fs";
import { join } from "node:path";
import { AssetManifestArtifact, CloudAssembly, type CloudFormationStackArtifact } from "aws-cdk-lib/cx-api";
import { z } from "zod";
import { LocalStackError } from "../errors.ts";

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Metadata: z.record(z.string(), z.unknown()).default({}),
});

const templateSchema = z.object({
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z.record(z.string(), z.object({ Value: z.unknown() })).default({}),
  Parameters: z
    .record(z.string(), z.object({ Type: z.string().default("String"), Default: z.unknown().optional() }))
    .default({}),
});

export type TemplateResource = z.infer<typeof resourceSchema>;
export type Template = z.infer<typeof templateSchema>;

/** The one stack of a cloud assembly: its template, and where its assets are. */
export interface SynthesizedStack {
  readonly stackName: string;
  /** The Region the stack names, or `undefined` where it names none. */
  readonly region: string | undefined;
  readonly template: Template;
  /** The path of the file or folder that would be uploaded under this object key. */
  assetPath(objectKey: string): string | undefined;
}

/**
 * Reads what a synth wrote.
 * @throws LocalStackError where there is no cloud assembly, where it has no or several stacks, or where the
 * app marked an error.
 */
export function readCloudAssembly(folder: string): SynthesizedStack {
  if (!existsSync(join(folder, "manifest.json"))) {
    throw new LocalStackError(`${folder} holds no cloud assembly (no manifest.json in it).`);
  }
  const assembly = new CloudAssembly(folder);
  const [stack, ...others] = assembly.stacks;
  if (stack === undefined) throw new LocalStackError("The CDK app has no stack.");
  if (others.length > 0) {
    const names = assembly.stacks.map(({ stackName }) => stackName).join(", ");
    throw new LocalStackError(`The CDK app has several stacks (${names}); one at a time can run here.`);
  }
  refuseMarkedErrors(stack);
  const assets = assetPaths(assembly);
  const { region } = stack.environment;
  return {
    stackName: stack.stackName,
    region: region === "unknown-region" ? undefined : region,
    template: templateSchema.parse(stack.template),
    assetPath: (objectKey) => assets.get(objectKey),
  };
}

const ERROR_LEVELS: readonly string[] = ["error"];

/** Annotations do not fail the app itself; the CDK CLI refuses to go on from them, and so does this. */
function refuseMarkedErrors(stack: CloudFormationStackArtifact): void {
  const errors = stack.messages.filter(({ level }) => ERROR_LEVELS.includes(level));
  if (errors.length === 0) return;
  throw new LocalStackError(
    errors
      .map(
        ({ id, entry }) =>
          `${id}: ${typeof entry.data === "string" ? entry.data : JSON.stringify(entry.data)}`,
      )
      .join("\n"),
  );
}

function assetPaths(assembly: CloudAssembly): ReadonlyMap<string, string> {
  const manifests = assembly.artifacts.filter((artifact) => artifact instanceof AssetManifestArtifact);
  const paths = new Map<string, string>();
  for (const { source, destinations } of manifests.flatMap((m) => Object.values(m.contents.files ?? {}))) {
    if (source.path === undefined) continue;
    for (const { objectKey } of Object.values(destinations)) {
      paths.set(objectKey, join(assembly.directory, source.path));
    }
  }
  return paths;
}
