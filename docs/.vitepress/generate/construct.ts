import { join } from "node:path";
import { Application, type TypeDocOptions } from "typedoc";
import type { PluginOptions } from "typedoc-plugin-markdown";
import { ConstructTheme } from "./construct-theme.ts";

const PROJECT_FOLDER = join(import.meta.dirname, "../../..");

/**
 * What the doc comments of the package's exports say, a page an export.
 * @param folder is cleaned first. It is named outright because typedoc's default is `docs/`.
 */
export async function writeConstructPages(folder: string): Promise<void> {
  const options: Partial<TypeDocOptions> & Partial<PluginOptions> = {
    plugin: ["typedoc-plugin-markdown"],
    entryPoints: [join(PROJECT_FOLDER, "infra/index.ts")],
    tsconfig: join(PROJECT_FOLDER, "tsconfig.json"),
    outputs: [{ name: "markdown", path: folder }],
    name: "Construct and props",
    readme: "none",
    excludeExternals: true,
    excludePrivate: true,
    excludeProtected: true,
    disableSources: true,
    logLevel: "Error",
    // `tsc` has looked for errors already (npm run check:types).
    skipErrorChecking: true,
    // Types of aws-cdk-lib, and of files that the package does not export, are named and not linked.
    validation: { notExported: false, invalidLink: false, notDocumented: false },
    hideBreadcrumbs: true,
    hidePageHeader: true,
    entryFileName: "index",
    router: "member",
    theme: "construct",
    pageTitleTemplates: { member: "{name}" },
    indexFormat: "table",
    parametersFormat: "table",
  };
  const application = await Application.bootstrapWithPlugins(options);
  application.renderer.defineTheme("construct", ConstructTheme);
  const project = await application.convert();
  if (project === undefined) throw new Error("typedoc could not read infra/index.ts");
  await application.generateOutputs(project);
}
