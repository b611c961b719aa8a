import { Suspense, type ReactNode } from "react";
import { Header } from "./header.tsx";
import { Loading } from "./loading.tsx";

/** The page of those who are not signed in: the bar, and one narrow column. */
export function Outside({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <>
      <Header />
      <main className="narrow">
        <Suspense fallback={<Loading />}>{children}</Suspense>
      </main>
    </>
  );
}
