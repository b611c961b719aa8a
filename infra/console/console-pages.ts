import { cpSync } from "node:fs";
import { dirname, join } from "node:path";
import { AssetHashType, DockerImage } from "aws-cdk-lib";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { BucketDeployment, CacheControl, Source, type ISource } from "aws-cdk-lib/aws-s3-deployment";
import type { Construct } from "constructs";
import { builtConsole, CONSOLE_FOLDER } from "./console-build.ts";
import type { Brand, LogoFile } from "./branding.ts";
import type { SignInWays } from "../sign-in-ways.ts";

/** The folder of the built page in which every file's name has the hash of its content. */
const ASSETS = "assets";
const A_YEAR = "public, max-age=31536000, immutable";

/** What the page is told of its deployment. */
interface Deployed {
  readonly identity: SignInWays;
  /** Whether the API has the calls about activity. */
  readonly activity: boolean;
  /** Whether it has those about jobs. */
  readonly jobs: boolean;
  readonly brand: Brand;
}

/**
 * Puts the console's page into a bucket: first the files under `/assets/`, kept for a year, then the page
 * that names them and `/config.json`, asked for each time. Files of earlier deployments stay: a page that is
 * open in somebody's browser still loads its own.
 * @returns the deployment that comes last.
 */
export function deployPages(
  scope: Construct,
  bucket: IBucket,
  { brand, ...config }: Deployed,
): BucketDeployment {
  // A bucket can only go when it is empty.
  const common = { destinationBucket: bucket, prune: false, retainOnDelete: false };
  const assets = new BucketDeployment(scope, "Assets", {
    ...common,
    sources: [pages("assets"), ...(brand.logo?.kind === "file" ? [logoFile(brand.logo)] : [])],
    destinationKeyPrefix: ASSETS,
    cacheControl: [CacheControl.fromString(A_YEAR)],
  });
  const page = new BucketDeployment(scope, "Page", {
    ...common,
    sources: [pages("page"), Source.jsonData("config.json", { ...config, ...brandOf(brand) })],
    cacheControl: [CacheControl.fromString("no-cache")],
  });
  page.node.addDependency(assets);
  return page;
}

/** What the page is told of how it presents itself; nothing where nothing was said. */
function brandOf({ title, logo, accountUrl }: Brand): { readonly brand?: object } {
  if (title === undefined && logo === undefined && accountUrl === undefined) return {};
  const src = logo?.kind === "file" ? `/${ASSETS}/${logo.name}` : logo?.url.href;
  return {
    brand: {
      ...(title !== undefined && { title }),
      ...(logo !== undefined && src !== undefined && { logo: { src, alt: logo.alt } }),
      ...(accountUrl !== undefined && { accountUrl }),
    },
  };
}

/** One part of the built page, built when the stack's code is (not for `cdk ls` or `cdk destroy`). */
const pages = (part: "assets" | "page"): ISource =>
  filled([part], (outputFolder) => {
    const built = builtConsole();
    if (part === "assets") {
      cpSync(join(built, ASSETS), outputFolder, { recursive: true });
    } else {
      cpSync(built, outputFolder, { recursive: true, filter: (file) => !isAsset(built, file) });
    }
  });

const logoFile = ({ path, name }: LogoFile): ISource =>
  filled(["logo", name], (outputFolder) => cpSync(path, join(outputFolder, name)));

/** A folder that is filled when the stack's code is bundled. @param key tells one from the others. */
function filled(key: string[], fill: (outputFolder: string) => void): ISource {
  return Source.asset(CONSOLE_FOLDER, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry("vite-builds-locally"),
      // Never run. CDK caches bundles by their options, and this is what tells one from the other.
      command: key,
      local: {
        tryBundle(outputFolder): boolean {
          fill(outputFolder);
          return true;
        },
      },
    },
  });
}

const isAsset = (built: string, file: string): boolean =>
  file === join(built, ASSETS) || dirname(file) === join(built, ASSETS);
