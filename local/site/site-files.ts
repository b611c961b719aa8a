import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { z } from "zod";
import { LocalStackError } from "../errors.ts";
import type { ResolvedResource } from "../model/resource.ts";

/** A file as the bucket would hold it. */
export interface SiteFile {
  readonly contentType: string;
  readonly cacheControl: string | undefined;
  read(): Promise<Buffer>;
}

/** By object key: `assets/index-Cx1.js`. Only what is listed here is ever read. */
export type SiteFiles = ReadonlyMap<string, SiteFile>;

const deploymentSchema = z.object({
  DestinationBucketName: z.string(),
  DestinationBucketKeyPrefix: z.string().default(""),
  SourceObjectKeys: z.array(z.string()),
  SourceMarkers: z.array(z.record(z.string(), z.unknown())).default([]),
  SystemMetadata: z.object({ "cache-control": z.string().optional() }).default({}),
});

/** The types that a page's files have; the deployment on AWS guesses them by the same endings. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".ico": "image/vnd.microsoft.icon",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".js": "text/javascript",
  ".json": "application/json",
  ".map": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain",
  ".webp": "image/webp",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};
const UNKNOWN_TYPE = "binary/octet-stream";

/**
 * What the template's deployments put into a bucket, later ones over earlier ones. The function that would
 * copy it does not run here: the files are read where the synth left them.
 */
export function readDeployedFiles(
  resources: readonly ResolvedResource[],
  bucket: string,
  assetPath: (objectKey: string) => string | undefined,
): SiteFiles {
  const files = new Map<string, SiteFile>();
  for (const resource of resources.filter(({ type }) => type === "Custom::CDKBucketDeployment")) {
    const deployment = deploymentSchema.parse(resource.properties());
    if (deployment.DestinationBucketName !== bucket) continue;
    const prefix = deployment.DestinationBucketKeyPrefix.replace(/(?<=[^/])$/, "/");
    for (const [index, objectKey] of deployment.SourceObjectKeys.entries()) {
      const folder = assetPath(objectKey);
      if (folder === undefined) {
        throw new LocalStackError(
          `The deployment ${resource.constructId} copies ${objectKey}, which is no asset here.`,
        );
      }
      const markers = deployment.SourceMarkers[index] ?? {};
      for (const path of filesIn(folder)) {
        files.set(prefix + relative(folder, path).split(sep).join("/"), {
          contentType: CONTENT_TYPES[extname(path).toLowerCase()] ?? UNKNOWN_TYPE,
          cacheControl: deployment.SystemMetadata["cache-control"],
          read: async () => withValues(await readFile(path), markers),
        });
      }
    }
  }
  return files;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** A deployment fills in what is known only then, at markers that the synth left in the file. */
function withValues(contents: Buffer, markers: Readonly<Record<string, unknown>>): Buffer {
  const entries = Object.entries(markers);
  if (entries.length === 0) return contents;
  const text = entries.reduce(
    (filled, [marker, value]) => filled.replaceAll(marker, () => String(value)),
    contents.toString(),
  );
  return Buffer.from(text);
}
