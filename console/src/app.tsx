import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { Router } from "wouter";
import { ApiError } from "./api/call.ts";
import { failureText } from "./api/failure-text.ts";
import { isNotSignedIn, NOT_SIGNED_IN, notSignedIn } from "./api/not-signed-in.ts";
import { ConfigProvider } from "./config-context.tsx";
import type { ConsoleConfig } from "./config.ts";
import { PreferencesProvider, useTexts } from "./preferences/preferences.tsx";
import type { Language } from "./preferences/languages.ts";
import { useSession } from "../../client/react/index.ts";
import { SessionProvider } from "./session/session-provider.tsx";
import { useHashPath } from "./shell/hash-location.ts";
import { Failure } from "./shell/failure.tsx";
import { Loading } from "./shell/loading.tsx";
import { Outside } from "./shell/outside.tsx";
import { PageBoundary } from "./shell/page-boundary.tsx";
import type { Texts } from "./texts/en.ts";

const SignIn = lazy(() => import("./pages/sign-in.tsx"));
const NotFound = lazy(() => import("./pages/not-found.tsx"));
const Pages = lazy(() => import("./shell/pages.tsx"));

interface AppProps {
  readonly first: { readonly language: Language; readonly texts: Texts };
  readonly config: ConsoleConfig;
}

export function App({ first, config }: AppProps): ReactNode {
  const [queries] = useState(createQueryClient);
  return (
    <QueryClientProvider client={queries}>
      <PreferencesProvider first={first}>
        <SessionProvider>
          <ConfigProvider config={config}>
            <Router hook={useHashPath}>
              <Gate config={config} />
            </Router>
          </ConfigProvider>
        </SessionProvider>
      </PreferencesProvider>
    </QueryClientProvider>
  );
}

/** Unavailable for a moment is worth a second try; a refusal is an answer. */
function createQueryClient(): QueryClient {
  const retry = (failures: number, error: Error): boolean =>
    failures < 1 && !(error instanceof ApiError && error.failure.outcome === "refused");
  const onError = (error: Error): void => {
    if (isNotSignedIn(error)) notSignedIn.dispatchEvent(new Event(NOT_SIGNED_IN));
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: { queries: { retry, staleTime: 5000 } },
  });
}

/**
 * The paths of the page itself, all of whose pages are in the fragment. At any other, the host gives the page
 * to say so.
 */
const PAGE_PATHS = ["/", "/index.html"];

/** Leads everybody to the pages or to the sign-in. */
function Gate({ config }: { readonly config: ConsoleConfig }): ReactNode {
  const texts = useTexts();
  const { state, askAgain } = useSession();
  if (!PAGE_PATHS.includes(location.pathname)) {
    return (
      <Outside>
        <NotFound />
      </Outside>
    );
  }
  switch (state.status) {
    case "asking":
      return <Loading />;
    case "unsure":
      return (
        <Outside>
          <Failure text={failureText(state.failure, texts)} onRetry={askAgain} />
        </Outside>
      );
    case "signed-out":
      return (
        <Outside>
          <SignIn identity={config.identity} ended={state.ended} again={state.again} />
        </Outside>
      );
    case "signed-in":
      return (
        <PageBoundary>
          <Suspense fallback={<Loading />}>
            <Pages signedIn={state} identity={config.identity} />
          </Suspense>
        </PageBoundary>
      );
  }
}
