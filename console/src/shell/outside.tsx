import SpaceBetween from "@cloudscape-design/components/space-between";
import { Suspense, type ReactNode } from "react";
import { ConnectionNotice } from "./connection-notice.tsx";
import { Header } from "./header.tsx";
import { Loading } from "./loading.tsx";
import { PageBoundary } from "./page-boundary.tsx";

/** The page of those who are not signed in: the bar, and one narrow column. */
export function Outside({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <>
      <Header />
      <main className="narrow">
        <SpaceBetween size="l">
          <ConnectionNotice />
          <PageBoundary>
            <Suspense fallback={<Loading />}>{children}</Suspense>
          </PageBoundary>
        </SpaceBetween>
      </main>
    </>
  );
}
