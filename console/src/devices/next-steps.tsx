import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { useConfig } from "../config-context.tsx";
import { useTexts } from "../preferences/preferences.tsx";

/** What to do when somebody else has signed in as oneself, whose session is ended by now. */
export function NextSteps({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { notMe, account, close } = useTexts();
  const accountUrl = useConfig().brand?.accountUrl;
  return (
    <Modal
      visible
      header={notMe.title}
      closeAriaLabel={close}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={onClose}>{close}</Button>
            {accountUrl !== undefined && (
              <Button
                variant="primary"
                href={accountUrl}
                target="_blank"
                rel="noopener noreferrer"
                iconName="external"
                iconAlign="right"
                ariaLabel={`${notMe.toAccount} (${account.newTab})`}
              >
                {notMe.toAccount}
              </Button>
            )}
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="s">
        <Box variant="p">{notMe.text}</Box>
        <ol className="steps">
          <li>{accountUrl === undefined ? notMe.askForPassword : notMe.changePassword}</li>
          <li>{notMe.lookThrough}</li>
          <li>{notMe.tell}</li>
        </ol>
      </SpaceBetween>
    </Modal>
  );
}
