/**
 * `npm run docs:check`: follows every link and anchor of the built site. Links to other sites are not
 * followed: CI has no network.
 */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { LinkChecker, LinkState } from "linkinator";
import packageFile from "../../package.json" with { type: "json" };

// The site is served below the path of the package's homepage, and its links begin with that path.
const base = basename(new URL(packageFile.homepage).pathname);
const root = await mkdtemp(join(tmpdir(), "docs-links-"));
await cp(join(import.meta.dirname, "dist"), join(root, base), { recursive: true });
const { links } = await new LinkChecker().check({
  path: `${base}/`,
  serverRoot: root,
  recurse: true,
  checkFragments: true,
  cleanUrls: true,
  // Preloaded scripts and styles are the bundler's; what a reader follows is checked.
  linksToSkip: ["^(?!http://(localhost|127\\.0\\.0\\.1|\\[::1\\]))", "/assets/", "\\.(txt|xml)$"],
});
await rm(root, { recursive: true });

const broken = links.filter(({ state }) => state === LinkState.BROKEN);
const followed = links.filter(({ state }) => state === LinkState.OK);
for (const { url, parent } of broken) {
  const path = (address = ""): string => address.replace(base, "");
  process.stderr.write(`broken: ${path(url)} in ${path(parent)}\n`);
}
process.stdout.write(`${followed.length} links followed, ${broken.length} broken\n`);
if (broken.length > 0 || followed.length === 0) process.exitCode = 1;
