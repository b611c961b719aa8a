import { readFileSync } from "node:fs";
import { defineConfig } from "vitepress";
import llmstxt from "vitepress-plugin-llms";
import { NAVIGATION, SIDEBAR } from "./sidebar.ts";
import { keepBracesFromVue, showReasonsOfUnrunBlocks } from "./markdown-rules.ts";

const { homepage, description, name, repository } = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
) as Record<"homepage" | "description" | "name", string> & { repository: { url: string } };
/** Where the site is served: below the path of the package's `homepage`. */
const { origin, pathname: base } = new URL(homepage);

/** A phone that is on, before a laptop that is not. */
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="2" y="5" width="24" height="16" rx="2"
 fill="none" stroke="#9ca3af" stroke-width="3"/><path d="M0 25h20" stroke="#9ca3af" stroke-width="3"/><rect x="18" y="9"
 width="12" height="20" rx="3" fill="#3451b2" stroke="#fff" stroke-width="2"/></svg>`;

export default defineConfig({
  title: name,
  description,
  base,
  lang: "en",
  cleanUrls: true,
  // The build also runs in a checkout without its history.
  lastUpdated: false,
  sitemap: { hostname: homepage },
  head: [["link", { rel: "icon", href: `data:image/svg+xml,${encodeURIComponent(ICON)}` }]],
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
    socialLinks: [{ icon: "github", link: repository.url.replace(/^git\+|\.git$/g, "") }],
    footer: { message: "Under the Apache License 2.0" },
    docFooter: { prev: "Previous page", next: "Next page" },
  },
  vite: {
    // Its types are of another version of Vite than the one that VitePress brings.
    plugins: [llmstxt({ title: name, description, domain: origin }) as never],
    build: { chunkSizeWarningLimit: 2000 },
  },
});
