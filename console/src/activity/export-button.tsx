import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Modal from "@cloudscape-design/components/modal";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useRef, useState, type ReactNode } from "react";
import type { ActivityView } from "../../../src/api/parts/shapes.ts";
import { listActivity, type ActivityRequest } from "../api/activity-calls.ts";
import { failureText } from "../api/failure-text.ts";
import { toCsv } from "../csv.ts";
import { useTexts } from "../preferences/preferences.tsx";
import { Failure } from "../shell/failure.tsx";
import { useNotify } from "../shell/notices.tsx";
import { saveCsv } from "../shell/save-csv.ts";
import { ACTIVITY_HEADER, activityCells, activityFileName } from "./activity-csv.ts";
import { useActivityTexts } from "./activity-texts.tsx";
import { loadAll, type Export } from "./export-activity.ts";
import { matches, type ActivityFilter } from "./filter.ts";

interface ExportButtonProps {
  readonly filter: ActivityFilter;
  readonly shown: readonly ActivityView[];
  /** What the list was asked for; nothing can be exported before. */
  readonly request: Omit<ActivityRequest, "cursor"> | undefined;
}

type Phase =
  | { readonly phase: "idle" }
  | { readonly phase: "running"; readonly records: number; readonly part: number }
  | { readonly phase: "halted"; readonly loaded: Export };

/** Exports what is shown, or all that the filter finds in the period, a page after the other. */
export function ExportButton({ filter, shown, request }: ExportButtonProps): ReactNode {
  const { csv } = useActivityTexts();
  const notify = useNotify();
  const [phase, setPhase] = useState<Phase>({ phase: "idle" });
  const stopping = useRef(new AbortController());

  function save(records: readonly ActivityView[]): void {
    saveCsv(activityFileName(new Date()), toCsv([ACTIVITY_HEADER, ...records.map(activityCells)]));
    setPhase({ phase: "idle" });
    notify({ type: "success", text: csv.saved(records.length) });
  }
  async function run(of: Omit<ActivityRequest, "cursor">, before?: Export): Promise<void> {
    stopping.current = new AbortController();
    const [from, to] = [Date.parse(of.from), Date.parse(of.to)];
    setPhase({ phase: "running", records: before?.records.length ?? 0, part: 0 });
    const loaded = await loadAll(
      {
        load: (cursor) => listActivity({ ...of, cursor }),
        matches: (record) => matches(filter, record),
        onProgress: ({ records, oldest }) =>
          setPhase((now) => ({
            phase: "running",
            records,
            // The newest come first: how far back the oldest lies is how much of the period is done.
            part:
              oldest !== undefined
                ? Math.min(1, (to - Date.parse(oldest)) / (to - from))
                : now.phase === "running"
                  ? now.part
                  : 0,
          })),
        signal: stopping.current.signal,
      },
      before,
    );
    if (loaded.end.kind === "all") save(loaded.records);
    else setPhase({ phase: "halted", loaded });
  }

  return (
    <>
      <ButtonDropdown
        disabled={request === undefined}
        items={[
          { id: "shown", text: csv.shown(shown.length), disabled: shown.length === 0 },
          { id: "all", text: csv.all },
        ]}
        onItemClick={({ detail }) => {
          if (detail.id === "shown") save(shown);
          else if (request !== undefined) void run(request);
        }}
      >
        {csv.button}
      </ButtonDropdown>
      {phase.phase === "running" && <Running {...phase} onStop={() => stopping.current.abort()} />}
      {phase.phase === "halted" && (
        <Halted
          loaded={phase.loaded}
          onSave={() => save(phase.loaded.records)}
          onGoOn={() => request !== undefined && void run(request, phase.loaded)}
          onClose={() => setPhase({ phase: "idle" })}
        />
      )}
    </>
  );
}

interface RunningProps {
  readonly records: number;
  /** From 0 to 1. */
  readonly part: number;
  readonly onStop: () => void;
}

function Running({ records, part, onStop }: RunningProps): ReactNode {
  const { csv } = useActivityTexts();
  return (
    <Modal
      visible
      header={csv.title}
      closeAriaLabel={csv.stop}
      onDismiss={onStop}
      footer={
        <Box float="right">
          <Button onClick={onStop}>{csv.stop}</Button>
        </Box>
      }
    >
      <ProgressBar label={csv.progress} value={100 * part} additionalInfo={csv.progressOf(records)} />
    </Modal>
  );
}

interface HaltedProps {
  readonly loaded: Export;
  readonly onSave: () => void;
  readonly onGoOn: () => void;
  readonly onClose: () => void;
}

function Halted({ loaded: { records, end }, onSave, onGoOn, onClose }: HaltedProps): ReactNode {
  const texts = useTexts();
  const { csv } = useActivityTexts();
  return (
    <Modal
      visible
      header={csv.title}
      closeAriaLabel={texts.close}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {texts.cancel}
            </Button>
            <Button disabled={records.length === 0} onClick={onSave}>
              {csv.save}
            </Button>
            <Button variant="primary" onClick={onGoOn}>
              {csv.goOn}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {end.kind === "failed" && <Failure text={failureText(end.failure, texts)} />}
        <div role="status">
          {end.kind === "failed" ? csv.failed(records.length) : csv.stopped(records.length)}
        </div>
      </SpaceBetween>
    </Modal>
  );
}
