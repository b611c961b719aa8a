"use client";

import { useState, type ReactNode } from "react";
import type { LimitChoice, SessionView } from "../../src/api/parts/shapes.ts";

export interface DevicePickerOptions {
  /** The sessions that there are: those of the answer `session-limit`. */
  readonly sessions: readonly SessionView[];
  /** Called with what was chosen: pass it to the answer's `choose`. */
  readonly onChoose: (choice: LimitChoice) => void;
}

/** A picker of devices without its looks. */
export interface DevicePickerState {
  readonly sessions: readonly SessionView[];
  readonly isChosen: (id: string) => boolean;
  readonly toggle: (id: string, isChosen: boolean) => void;
  readonly chosenCount: number;
  /** Whether the person went on without having chosen any. */
  readonly isMissing: boolean;
  /** Ends the chosen ones. */
  readonly end: () => void;
  /** Ends all of them. */
  readonly takeOver: () => void;
}

/** At the limit: which sessions to end so that this device can sign in. */
export function useDevicePicker({ sessions, onChoose }: DevicePickerOptions): DevicePickerState {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isMissing, setMissing] = useState(false);
  return {
    sessions,
    isChosen: (id) => chosen.has(id),
    toggle(id, isChosen) {
      setMissing(false);
      setChosen((before) => new Set(isChosen ? [...before, id] : [...before].filter((each) => each !== id)));
    },
    chosenCount: chosen.size,
    isMissing,
    end() {
      if (chosen.size === 0) setMissing(true);
      else onChoose({ end: [...chosen] });
    },
    takeOver: () => onChoose({ takeover: true }),
  };
}

/** The words of the picker. */
export interface DevicePickerTexts {
  readonly legend: string;
  readonly lastSeen: (session: SessionView) => string;
  readonly end: string;
  readonly takeOver: string;
  readonly cancel: string;
  readonly missing: string;
}

const ENGLISH: DevicePickerTexts = {
  legend: "You are signed in on as many devices as allowed. Choose which to sign out.",
  lastSeen: ({ lastSeenAt }) => `last used ${new Date(lastSeenAt).toLocaleString()}`,
  end: "Sign out the chosen devices and continue",
  takeOver: "Sign out all of them and continue",
  cancel: "Cancel",
  missing: "Choose at least one device.",
};

export interface DevicePickerProps extends DevicePickerOptions {
  readonly onCancel: () => void;
  /** While an answer is awaited. */
  readonly isBusy?: boolean;
  /** The picker as a function of its state. @default a field set with boxes and three buttons */
  readonly children?: (picker: DevicePickerState) => ReactNode;
  readonly className?: string;
  readonly texts?: Partial<DevicePickerTexts>;
}

/** The picker with plain elements, to be styled; for one of your own give `children`. */
export function DevicePicker({
  sessions,
  onChoose,
  onCancel,
  isBusy = false,
  children,
  className,
  texts,
}: DevicePickerProps): ReactNode {
  const picker = useDevicePicker({ sessions, onChoose });
  if (children !== undefined) return children(picker);
  const words = { ...ENGLISH, ...texts };
  return (
    <fieldset className={className} disabled={isBusy}>
      <legend>{words.legend}</legend>
      <ul>
        {sessions.map((session) => (
          <li key={session.id}>
            <label>
              <input
                type="checkbox"
                checked={picker.isChosen(session.id)}
                onChange={(event) => picker.toggle(session.id, event.currentTarget.checked)}
              />{" "}
              {session.device.label}
            </label>{" "}
            <small>{words.lastSeen(session)}</small>
          </li>
        ))}
      </ul>
      {picker.isMissing && <p role="alert">{words.missing}</p>}
      <button type="button" onClick={picker.end}>
        {words.end}
      </button>
      <button type="button" onClick={picker.takeOver}>
        {words.takeOver}
      </button>
      <button type="button" onClick={onCancel}>
        {words.cancel}
      </button>
    </fieldset>
  );
}
