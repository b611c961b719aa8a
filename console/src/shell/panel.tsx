import SplitPanel from "@cloudscape-design/components/split-panel";
import type { ReactNode } from "react";

interface PanelProps {
  readonly header: string;
  /** Called with the element that what is in the panel goes into. */
  readonly onTarget: (target: HTMLElement | null) => void;
}

/** The frame's split panel, which is loaded when it is first opened. */
export default function Panel({ header, onTarget }: PanelProps): ReactNode {
  return (
    <SplitPanel header={header} closeBehavior="hide" hidePreferencesButton>
      <div ref={onTarget} tabIndex={-1} className="panel" />
    </SplitPanel>
  );
}
