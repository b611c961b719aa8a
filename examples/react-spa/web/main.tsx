import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { SessionProvider } from "serverless-single-session/client/react";
import { Page } from "./page.tsx";

const root = document.querySelector("#root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <SessionProvider>
      <Page />
    </SessionProvider>
  </StrictMode>,
);
