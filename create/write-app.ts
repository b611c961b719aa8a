import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import mustache from "mustache";
import type { Choices } from "./choices.ts";

export interface NewApp extends Choices {
  /** Of the package and of the folder; see `nameProblem`. */
  readonly name: string;
  /** The version of `serverless-single-session`, or what else npm takes: a tarball's path. */
  readonly package: string;
}

const RENDERED = ".mustache";
/** npm leaves a `.gitignore` out of a package. */
const OTHER_NAMES: Readonly<Record<string, string>> = { gitignore: ".gitignore" };
/** TypeScript and JSX have braces of their own. */
const TAGS: [string, string] = ["<%", "%>"];

/**
 * Writes a new app's files into a folder.
 * @param template the folder `template`, where it lies
 * @param versions of what the app depends on, by the names of the packages
 * @returns the paths that were written, relative to the folder
 * @throws Error where the folder has something in it already: nothing is written then
 */
export function writeApp(
  folder: string,
  app: NewApp,
  template: string,
  versions: Readonly<Record<string, string>>,
): readonly string[] {
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new Error(`${folder} is not empty. Nothing was written: choose another name, or empty the folder.`);
  }
  const view = viewOf(app, versions);
  const paths = globSync("**/*.*", { cwd: template })
    .concat(globSync("gitignore", { cwd: template }))
    .filter((path) => isPartOf(path, app))
    .sort();
  return paths.map((path) => {
    const text = readFileSync(join(template, path), "utf8");
    const isRendered = path.endsWith(RENDERED);
    const name = isRendered ? path.slice(0, -RENDERED.length) : (OTHER_NAMES[path] ?? path);
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, isRendered ? mustache.render(text, view, {}, { tags: TAGS, escape: String }) : text);
    return name;
  });
}

/** Whether a file of the template belongs to this app. */
function isPartOf(path: string, { signIn, frontEnd }: Choices): boolean {
  if (path.startsWith("web/") || path.startsWith("site.")) return frontEnd === "react";
  return !path.startsWith("functions/sign-in.") || signIn === "own";
}

/** The words of the template's files. */
function viewOf({ name, package: spec, signIn, api, frontEnd }: NewApp, versions: object) {
  const [isRest, isReact, isOwn] = [api === "rest", frontEnd === "react", signIn === "own"];
  const base = isRest ? "/prod" : "";
  const routes = ["/login", "/logout", "/session", "/reports", ...(isOwn ? ["/sign-in"] : [])];
  const proxied = isRest ? [base] : routes;
  // `/login/oidc` and `/sessions/{id}` are among them.
  const behind = isRest ? [`${base}/*`] : routes.map((path) => path.replace(/^\/(login|session)$/, "$&*"));
  return {
    name,
    stackName: name.replace(/(^|-+)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase()),
    package: spec,
    versions,
    cognito: signIn === "cognito",
    oidc: signIn === "oidc",
    own: isOwn,
    codeFlow: !isOwn,
    http: !isRest,
    rest: isRest,
    react: isReact,
    base,
    apiId: isRest ? "restApiId" : "apiId",
    needsUrl: !isReact || signIn === "cognito",
    output: isReact ? "`https://${site.domainName}`" : "url",
    paths: behind.map((path) => JSON.stringify(path)).join(", "),
    proxied: proxied.map((path) => `${JSON.stringify(path)}: API`).join(", "),
    protectedUrl: `http://localhost:3000${base}/reports`,
    origin: isReact ? "http://localhost:5173" : "http://localhost:3000",
  };
}
