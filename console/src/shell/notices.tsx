import Flashbar, { type FlashbarProps } from "@cloudscape-design/components/flashbar";
import { createContext, use, useMemo, useState, type ReactNode } from "react";
import { useTexts } from "../preferences/preferences.tsx";

/** What a page says of what was just done. */
export interface Notice {
  readonly type: "success" | "error";
  readonly text: string;
}

const Context = createContext<((notice: Notice) => void) | undefined>(undefined);

/** Shows a notice in place of the last one. @throws Error outside of {@link NoticesProvider}. */
export function useNotify(): (notice: Notice) => void {
  const notify = use(Context);
  if (notify === undefined) throw new Error("there are no notices here");
  return notify;
}

interface NoticesProviderProps {
  readonly children: (notices: ReactNode) => ReactNode;
}

/** Holds the last notice, and hands the bar that shows it to its children to place. */
export function NoticesProvider({ children }: NoticesProviderProps): ReactNode {
  const texts = useTexts();
  const [notice, setNotice] = useState<Notice>();
  const notify = useMemo(
    () =>
      (next: Notice): void =>
        setNotice(next),
    [],
  );
  const items: FlashbarProps.MessageDefinition[] =
    notice === undefined
      ? []
      : [
          {
            id: notice.text,
            type: notice.type,
            content: notice.text,
            dismissible: true,
            dismissLabel: texts.close,
            onDismiss: () => setNotice(undefined),
            ...(notice.type === "error" && { ariaRole: "alert" as const }),
          },
        ];
  return <Context value={notify}>{children(<Flashbar items={items} />)}</Context>;
}
