import { join } from "node:path";
import { createServer } from "vite";
import { describe, expect, test } from "vitest";
import { console } from "./shared-console.ts";

const CONFIG_FILE = join(import.meta.dirname, "..", "..", "console", "vite.config.ts");

describe("the developer server", () => {
  test("has the configuration and the API of the stack that it stands before", async () => {
    process.env["API_URL"] = console.stack.url;
    const server = await createServer({
      configFile: CONFIG_FILE,
      logLevel: "silent",
      server: { port: 0 },
      optimizeDeps: { noDiscovery: true },
    });
    try {
      await server.listen();
      const url = server.resolvedUrls?.local[0] ?? "";
      const [config, deployed] = await Promise.all(
        [url, `${console.stack.url}/`].map(
          async (base) => (await fetch(`${base}config.json`)).json() as Promise<unknown>,
        ),
      );
      expect(config).toMatchObject({ identity: { passwords: true, oidc: [{ name: "corp" }] } });
      expect(config).toEqual(deployed);
      for (const path of ["session", "sessions", "admin/sessions"]) {
        expect([path, (await fetch(url + path)).headers.get("content-type")]).toEqual([
          path,
          "application/problem+json",
        ]);
      }
    } finally {
      await server.close();
    }
  });
});
