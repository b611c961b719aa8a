import { cp, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A template as far as the tests change it. */
export interface TweakableTemplate {
  readonly Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
}

/** A copy of a cloud assembly with a changed template. The caller removes the folder. */
export async function tweakedAssembly(
  folder: string,
  tweak: (template: TweakableTemplate) => void,
  stackId = "Fixture",
): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), "tweaked-assembly-"));
  await cp(folder, copy, { recursive: true });
  const file = join(copy, `${stackId}.template.json`);
  const template = JSON.parse(await readFile(file, "utf8")) as TweakableTemplate;
  tweak(template);
  await writeFile(file, JSON.stringify(template));
  return copy;
}

/** The properties of the first resource of a type that has all of `like`. */
export function propertiesOf(
  template: TweakableTemplate,
  type: string,
  like: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const found = Object.values(template.Resources).find(
    (resource) =>
      resource.Type === type &&
      Object.entries(like).every(([name, value]) => resource.Properties[name] === value),
  );
  if (found === undefined) throw new Error(`no ${type} like ${JSON.stringify(like)}`);
  return found.Properties;
}
