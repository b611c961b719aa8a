import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox, { type CheckboxProps } from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useEffect, useRef, type ReactNode } from "react";
import { useDevicePicker } from "../../../client/react/index.ts";
import type { LimitChoice, SessionView } from "../../../src/api/parts/shapes.ts";
import { deviceLabel } from "../devices/device-label.ts";
import { useTexts } from "../preferences/preferences.tsx";
import { TimeAgo } from "../time/time-ago.tsx";

interface DevicePickerProps {
  readonly sessions: readonly SessionView[];
  /** Whether what was chosen before did not make room. */
  readonly isAgain: boolean;
  readonly isBusy: boolean;
  readonly onChoose: (choice: LimitChoice) => void;
  readonly onCancel: () => void;
}

/** At the limit: which devices to sign out so that this one can sign in. */
export function DevicePicker({
  sessions,
  isAgain,
  isBusy,
  onChoose,
  onCancel,
}: DevicePickerProps): ReactNode {
  const texts = useTexts();
  const { isChosen, toggle, chosenCount, isMissing, end, takeOver } = useDevicePicker({ sessions, onChoose });
  const first = useRef<CheckboxProps.Ref>(null);
  useEffect(() => first.current?.focus(), []);

  return (
    <Container header={<Header variant="h1">{texts.picker.title}</Header>}>
      <SpaceBetween size="l">
        {isAgain && <Alert type="warning">{texts.picker.stillTooMany}</Alert>}
        <Box variant="p">{texts.picker.text}</Box>
        <FormField label={texts.picker.legend} errorText={isMissing ? texts.picker.choose : undefined}>
          <div role="group" aria-label={texts.picker.legend}>
            <SpaceBetween size="s">
              {sessions.map((session, index) => (
                <Checkbox
                  key={session.id}
                  ref={index === 0 ? first : undefined}
                  checked={isChosen(session.id)}
                  onChange={({ detail }) => toggle(session.id, detail.checked)}
                  description={<SessionLine session={session} />}
                >
                  <span className="outside">{deviceLabel(session.device.label, texts)}</span>
                </Checkbox>
              ))}
            </SpaceBetween>
          </div>
        </FormField>
        <SpaceBetween size="s">
          <Button variant="primary" fullWidth loading={isBusy} onClick={end}>
            {texts.picker.end(chosenCount)}
          </Button>
          <Button fullWidth disabled={isBusy} onClick={takeOver}>
            {texts.picker.takeOver}
          </Button>
          <Button variant="link" fullWidth disabled={isBusy} onClick={onCancel}>
            {texts.cancel}
          </Button>
        </SpaceBetween>
      </SpaceBetween>
    </Container>
  );
}

function SessionLine({ session: { device, lastSeenAt } }: { readonly session: SessionView }): ReactNode {
  const texts = useTexts();
  return (
    <>
      {device.address ?? texts.devices.noAddress} · {texts.devices.lastSeen} <TimeAgo at={lastSeenAt} />
    </>
  );
}
