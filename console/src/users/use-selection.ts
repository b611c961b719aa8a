import { useState } from "react";
import type { UserRow } from "./user-rows.ts";

/** The chosen users, on whatever page of the table they are. */
export interface Selection {
  readonly rows: readonly UserRow[];
  /** Whether all of these are chosen that can be. */
  readonly hasAll: (rows: readonly UserRow[]) => boolean;
  /** While everybody is being loaded to be chosen. */
  readonly isSelecting: boolean;
  /** What the table says is chosen of the rows it shows. */
  readonly change: (shown: readonly UserRow[], chosen: readonly UserRow[]) => void;
  readonly clear: () => void;
  /** Chooses everybody in the list, page by page, beside who is chosen. */
  readonly selectAll: (list: Loadable) => Promise<void>;
  /** Ends that, and keeps who is chosen by then. */
  readonly stop: () => void;
}

interface Loadable {
  readonly rows: readonly UserRow[];
  readonly hasMore: boolean;
  loadMore(): Promise<Pick<Loadable, "rows" | "hasMore"> | undefined>;
}

export function useSelection(isSelectable: (row: UserRow) => boolean): Selection {
  const [chosen, setChosen] = useState<ReadonlyMap<string, UserRow>>(new Map());
  const [selecting, setSelecting] = useState<AbortController>();
  const choose = (rows: readonly UserRow[]): void =>
    setChosen(new Map(rows.filter(isSelectable).map((row) => [row.userId, row])));
  return {
    rows: [...chosen.values()],
    hasAll: (rows) => rows.every((row) => !isSelectable(row) || chosen.has(row.userId)),
    isSelecting: selecting !== undefined,
    change: (shown, now) => {
      const ids = new Set(shown.map(({ userId }) => userId));
      choose([...[...chosen.values()].filter(({ userId }) => !ids.has(userId)), ...now]);
    },
    clear: () => setChosen(new Map()),
    selectAll: async (list) => {
      const controller = new AbortController();
      setSelecting(controller);
      let loaded: Pick<Loadable, "rows" | "hasMore"> | undefined = list;
      const before = [...chosen.values()];
      choose([...before, ...loaded.rows]);
      while (loaded?.hasMore === true && !controller.signal.aborted) {
        loaded = await list.loadMore();
        if (loaded !== undefined) choose([...before, ...loaded.rows]);
      }
      setSelecting(undefined);
    },
    stop: () => selecting?.abort(),
  };
}
