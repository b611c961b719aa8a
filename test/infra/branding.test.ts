import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Stack } from "aws-cdk-lib";
import { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import type { CloudAssembly } from "aws-cdk-lib/cx-api";
import { beforeAll, describe, expect, inject, it } from "vitest";
import type { ConsoleConfig } from "../../console/src/config.ts";
import { SingleSession, SingleSessionConsole, SingleSessionStack } from "../../infra/index.ts";
import { stackPropsFromContext } from "../../infra/settings/context-settings.ts";
import type { ConsoleBranding } from "../../infra/index.ts";
import { appStack, newApp, resourceOf, WITHOUT_CODE } from "./support.ts";

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M1 1h14v14H1z"/></svg>';
const ACCEPTED_LOGO =
  "a file of the app (.svg, .png, .webp, .jpg, .jpeg; at most 100 KB), " +
  "or an https URL whose path has letters, digits and -._~%/ only";
const ACCEPTED_URL = "an https URL of at most 2048 characters, without credentials";

let folder: string;
const file = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(inject("synthesisFolder"), "logos-"));
  writeFileSync(file("logo.svg"), SVG);
  writeFileSync(file("large.png"), Buffer.alloc(100 * 1024 + 1));
  writeFileSync(file("logo.gif"), "GIF89a");
});

const imagePolicyOf = (branding: ConsoleBranding): string => {
  const { Properties } = resourceOf(
    appStack({ console: branding }),
    "AWS::CloudFront::ResponseHeadersPolicy",
  );
  return /img-src [^;]*/.exec(JSON.stringify(Properties))?.[0] ?? "";
};

interface Deployment {
  readonly keys: readonly string[];
  /** A file of one of its sources. */
  readonly read: (key: string, name: string) => string;
}

function deploymentsOf(assembly: CloudAssembly, stack: string): Deployment[] {
  const { Resources } = assembly.getStackByName(stack).template as {
    Resources: Record<string, { Type: string; Properties: { SourceObjectKeys: string[] } }>;
  };
  return Object.values(Resources)
    .filter(({ Type }) => Type === "Custom::CDKBucketDeployment")
    .map(({ Properties }) => ({
      keys: Properties.SourceObjectKeys,
      read: (key, name) =>
        readFileSync(join(assembly.directory, `asset.${key.replace(".zip", "")}`, name), "utf8"),
    }));
}

/** What the page is told. */
function configOf(context: Record<string, unknown>): unknown {
  const app = newApp({ ...WITHOUT_CODE, "aws:cdk:disable-asset-staging": false, ...context });
  new SingleSessionStack(app, "SingleSession", stackPropsFromContext(app));
  const page = deploymentsOf(app.synth(), "SingleSession").at(-1)!;
  return JSON.parse(page.read(page.keys.at(-1)!, "config.json")) as unknown;
}

describe("the branding of the console", () => {
  it("is told to the page: by the context, as an object or as JSON", () => {
    const branding = { title: "Example sign-in", accountUrl: "https://id.example.com/account" };
    for (const given of [branding, JSON.stringify(branding)])
      expect(configOf({ console: given })).toMatchObject({ brand: branding });
  });

  it("is not mentioned where nothing was said", () => {
    expect(configOf({})).not.toHaveProperty("brand");
  });

  it("allows a logo elsewhere by its whole address, and nothing else of that host", () => {
    const logo = { src: "https://cdn.example.com/logos/one.svg?v=2", alt: "Example" };
    expect(imagePolicyOf({ logo })).toBe("img-src 'self' data: https://cdn.example.com/logos/one.svg");
    expect(imagePolicyOf({ logo: { src: file("logo.svg"), alt: "Example" } })).toBe("img-src 'self' data:");
  });

  it.each<[string, unknown, string]>([
    ["title", "", 'console.title (prop) is "". Accepted: text of 1 to 64 characters'],
    ["title", "a\nb", 'console.title (prop) is "a\\nb". Accepted: text of 1 to 64 characters'],
    ["title", "x".repeat(65), "Accepted: text of 1 to 64 characters without white space at its ends."],
    ["accountUrl", "http://id.example.com", `is "http://id.example.com". Accepted: ${ACCEPTED_URL}.`],
    ["accountUrl", "javascript:alert(1)", `Accepted: ${ACCEPTED_URL}.`],
    ["accountUrl", "https://u:p@id.example.com", `Accepted: ${ACCEPTED_URL}.`],
    ["logo", "./logo.svg", 'console.logo (prop) is "./logo.svg". Accepted: an object with src, alt.'],
    ["logo", { src: "./logo.svg" }, "console.logo.alt (prop) is undefined. Accepted: text of 1 to 128"],
    ["logo", { src: "https://a.example/x;y.svg", alt: "A" }, `Accepted: ${ACCEPTED_LOGO}.`],
    ["logo", { src: "http://a.example/x.svg", alt: "A" }, `Accepted: ${ACCEPTED_LOGO}.`],
    [
      "logo",
      { src: "./none.svg", alt: "A" },
      'console.logo.src (prop) is "./none.svg", but there is no file',
    ],
  ])("is refused where the %s cannot be right: %j", (option, value, message) => {
    expect(() => appStack({ console: { [option]: value } })).toThrow(message);
  });

  it("brings a logo's file along, under a name that changes with it", () => {
    // Only the console's stack with its files: bundling functions takes longer than all of these tests.
    const app = newApp({ "aws:cdk:bundling-stacks": ["Above"] });
    const below = new Stack(app, "Below");
    const sessions = new SingleSession(below, "Sessions");
    const httpApi = new HttpApi(below, "Api");
    sessions.addRoutes(httpApi);
    const above = new Stack(app, "Above");
    const logo = { src: file("logo.svg"), alt: "Example" };
    new SingleSessionConsole(above, "Console", { sessions, httpApi, logo });
    const assembly = app.synth();
    const [assets, page] = deploymentsOf(assembly, "Above");
    const { brand } = JSON.parse(assets!.read(page!.keys.at(-1)!, "config.json")) as ConsoleConfig;
    expect(brand?.logo).toEqual({
      src: expect.stringMatching(/^\/assets\/logo-[\da-f]{16}\.svg$/) as string,
      alt: "Example",
    });
    const name = brand!.logo!.src.replace("/assets/", "");
    expect(assets!.read(assets!.keys.at(-1)!, name)).toBe(SVG);
  });

  it("is refused with a logo that is too large, or no picture that browsers take", () => {
    const withLogo = (name: string) => () => appStack({ console: { logo: { src: file(name), alt: "A" } } });
    expect(withLogo("large.png")).toThrow(`, which has 101 KB. Accepted: ${ACCEPTED_LOGO}.`);
    expect(withLogo("logo.gif")).toThrow(`Accepted: ${ACCEPTED_LOGO}.`);
  });

  it("is refused with an option of another name", () => {
    expect(() => appStack({}, { console: { tilte: "x" } })).toThrow(
      "console.tilte (context) is not known. Accepted: title, logo, accountUrl.",
    );
  });
});
