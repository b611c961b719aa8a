import { readFileSync } from "node:fs";
import { defineConfig } from "vitepress";
import llmstxt from "vitepress-plugin-llms";
import { NAVIGATION, SIDEBAR } from "./sidebar.ts";
import { keepBracesFromVue, showReasonsOfUnrunBlocks } from "./markdown-rules.ts";

const { homepage, description, name } = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
) as Record<"homepage" | "description" | "name", string>;
/** The folder under which the site is served: the path of the package's `homepage`. */
const base = new URL(homepage).pathname;

export default defineConfig({
  title: name,
  description,
  base,
  lang: "en",
  cleanUrls: true,
  // The build also runs in a checkout without its history.
  lastUpdated: false,
  sitemap: { hostname: homepage },
  markdown: {
    config(markdown) {
      showReasonsOfUnrunBlocks(markdown);
      keepBracesFromVue(markdown);
    },
  },
  themeConfig: {
    nav: NAVIGATION,
    sidebar: SIDEBAR,
    outline: [2, 3],
    search: { provider: "local" },
    docFooter: { prev: "Previous page", next: "Next page" },
  },
  vite: {
    // Its types are of another version of Vite than the one that VitePress brings.
    plugins: [llmstxt() as never],
    build: { chunkSizeWarningLimit: 2000 },
  },
});
