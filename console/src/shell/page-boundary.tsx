import { Component, useEffect, type ReactNode } from "react";
import { useTexts } from "../preferences/preferences.tsx";
import { Failure } from "./failure.tsx";

interface PageBoundaryProps {
  readonly children: ReactNode;
}

interface PageBoundaryState {
  readonly isBroken: boolean;
}

/**
 * Shows that its children could not be shown, where React would take everything off the screen: above all a
 * page whose program could not be loaded, without a connection or after another version was deployed.
 */
export class PageBoundary extends Component<PageBoundaryProps, PageBoundaryState> {
  override state: PageBoundaryState = { isBroken: false };

  static getDerivedStateFromError(): PageBoundaryState {
    return { isBroken: true };
  }

  override render(): ReactNode {
    return this.state.isBroken ? <Broken /> : this.props.children;
  }
}

/** The browser does not try a program again that it could not load, but for a page that is loaded anew. */
function Broken(): ReactNode {
  const { failures } = useTexts();
  useEffect(() => {
    const reload = (): void => location.reload();
    window.addEventListener("online", reload);
    return () => window.removeEventListener("online", reload);
  }, []);
  return (
    <Failure
      text={failures.unreachable}
      // Without a connection it would leave nothing but what the browser says of that.
      onRetry={() => {
        if (navigator.onLine) location.reload();
      }}
    />
  );
}
