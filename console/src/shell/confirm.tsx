import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { useTexts } from "../preferences/preferences.tsx";
import { Failure } from "./failure.tsx";

interface ConfirmProps {
  readonly title: string;
  readonly submitText: string;
  readonly isBusy?: boolean;
  readonly failure?: string | undefined;
  readonly onSubmit: () => void;
  readonly onCancel: () => void;
  readonly children: ReactNode;
}

/** Asks before something is done that cannot be taken back. */
export function Confirm(props: ConfirmProps): ReactNode {
  const { title, submitText, isBusy = false, failure, onSubmit, onCancel, children } = props;
  const texts = useTexts();
  return (
    <Modal
      visible
      header={title}
      closeAriaLabel={texts.close}
      onDismiss={onCancel}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onCancel}>
              {texts.cancel}
            </Button>
            <Button variant="primary" loading={isBusy} onClick={onSubmit}>
              {submitText}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {failure !== undefined && <Failure text={failure} />}
        {children}
      </SpaceBetween>
    </Modal>
  );
}
