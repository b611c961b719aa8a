import packageFile from "../package.json" with { type: "json" };

const { devDependencies, dependencies, version } = packageFile;

/** Of what a new app depends on: those that this project's tests use. The build has them in the program. */
export const VERSIONS: Readonly<Record<string, string>> & { readonly "serverless-single-session": string } = {
  ...devDependencies,
  ...dependencies,
  "serverless-single-session": `^${version}`,
};
