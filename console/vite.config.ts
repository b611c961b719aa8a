import { CALLS } from "../src/api/calls.ts";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where the API is while the page is being worked on; both have one origin when deployed. */
const API = process.env["API_URL"] ?? "http://localhost:3000";
const API_FOLDERS = CALLS.map(({ path }) => `/${path.split("/")[1] ?? ""}`);
/** What a deployment puts beside the page. */
const CONFIG = "/config.json";
/**
 * The browsers that the client runs in (client/watch-session.ts): who is signed in there must be able to sign
 * in here.
 */
const OLDEST_BROWSERS = ["safari15.4", "ios15.4", "chrome100", "firefox100"];
/** Where the first load begins: this, and all that it needs. */
const FIRST_LOAD = /console\/src\/(?:main|app|pages\/sign-in)\.tsx$/;
const proxy = Object.fromEntries([...API_FOLDERS, CONFIG].map((path) => [path, { target: API }]));

export default defineConfig({
  root: import.meta.dirname,
  base: "/",
  plugins: [react()],
  build: {
    outDir: "../dist/console",
    emptyOutDir: true,
    target: OLDEST_BROWSERS,
    sourcemap: false,
    // A file each: the content security policy then needs no `data:` for scripts, and the hashes cache for
    // ever.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What the sign-in loads is one file for all pages: each page more would split it further, and small
    // files compress worse. The pages keep what is theirs.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "base", test: FIRST_LOAD }] } } },
    // The administrators' tables and Cloudscape's frame; what sign-in loads is far below.
    chunkSizeWarningLimit: 900,
  },
  server: { proxy },
  preview: { proxy },
});
