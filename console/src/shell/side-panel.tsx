import type { AppLayoutProps } from "@cloudscape-design/components/app-layout";
import {
  createContext,
  lazy,
  Suspense,
  use,
  useEffect,
  useEffectEvent,
  useMemo,
  useState,
  type ReactNode,
} from "react";
import { createPortal } from "react-dom";
import { useMedia } from "./use-media.ts";

const Panel = lazy(() => import("./panel.tsx"));

/** Where the panel leaves enough of the page beside it; below it otherwise. */
export const VERY_WIDE = "(min-width: 1500px)";

interface Shown {
  readonly header: string;
  readonly onClose: () => void;
}

interface Slot {
  /** What is in the panel goes there; `null` until there is a panel. */
  readonly target: HTMLElement | null;
  readonly show: (shown: Shown | undefined) => void;
}

const Context = createContext<Slot | undefined>(undefined);

/** What the frame is told of the panel. */
export type PanelProps = Pick<
  AppLayoutProps,
  "splitPanel" | "splitPanelOpen" | "splitPanelPreferences" | "onSplitPanelToggle"
>;

interface SidePanelProviderProps {
  readonly children: (panel: PanelProps) => ReactNode;
}

/** Holds what a page shows beside itself, and hands its children the properties of the frame for it. */
export function SidePanelProvider({ children }: SidePanelProviderProps): ReactNode {
  const [shown, show] = useState<Shown>();
  const [target, setTarget] = useState<HTMLElement | null>(null);
  const isVeryWide = useMedia(VERY_WIDE);
  const slot = useMemo(() => ({ target, show }), [target]);
  // Always controlled: the frame does not take to being told whether it is open later.
  const panel: PanelProps = {
    splitPanel: shown && (
      <Suspense fallback={null}>
        <Panel header={shown.header} onTarget={setTarget} />
      </Suspense>
    ),
    splitPanelOpen: shown !== undefined,
    splitPanelPreferences: { position: isVeryWide ? "side" : "bottom" },
    onSplitPanelToggle: ({ detail }) => {
      if (!detail.open) shown?.onClose();
    },
  };
  return <Context value={slot}>{children(panel)}</Context>;
}

interface SidePanelProps {
  readonly header: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * Shows its children in the frame's split panel for as long as it is rendered. The focus goes into the panel,
 * and back to where it was when the panel closes.
 * @throws Error outside of {@link SidePanelProvider}.
 */
export function SidePanel({ header, onClose, children }: SidePanelProps): ReactNode {
  const slot = use(Context);
  if (slot === undefined) throw new Error("there is no room for a panel here");
  const { target, show } = slot;
  const close = useEffectEvent(onClose);
  useEffect(() => {
    show({ header, onClose: () => close() });
    return () => show(undefined);
  }, [header, show]);
  useEffect(() => {
    if (target === null) return;
    const before = document.activeElement;
    // Its top is what is to be read first.
    target.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [target]);
  return target === null ? null : createPortal(children, target);
}
