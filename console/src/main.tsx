import "@cloudscape-design/global-styles/index.css";
import "./console.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { loadConfig } from "./config.ts";
import { loadTexts } from "./preferences/languages.ts";
import { firstLanguage } from "./preferences/preferences.tsx";

async function main(): Promise<void> {
  const root = document.getElementById("root");
  if (root === null) throw new Error("index.html has no root");
  const language = firstLanguage();
  const [texts, config] = await Promise.all([loadTexts(language), loadConfig()]);
  createRoot(root).render(
    <StrictMode>
      <App first={{ language, texts }} config={config} />
    </StrictMode>,
  );
}

await main();
