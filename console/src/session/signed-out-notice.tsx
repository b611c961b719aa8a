import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Link from "@cloudscape-design/components/link";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState, type ReactNode } from "react";
import type { SessionEnded } from "../../../client/watch-session.ts";
import { useConfig } from "../config-context.tsx";
import { deviceLabel } from "../devices/device-label.ts";
import { usePreferences } from "../preferences/preferences.tsx";
import { clockTime } from "../time/format.ts";
import { endedText } from "./ended-text.ts";
import { useSession, useSignedIn } from "../../../client/react/index.ts";

/**
 * Says over the page that its session has ended, and why. The page below stays as it is, with all that was
 * typed; people who want to copy something from it close the notice, which leaves a banner.
 */
export function SignedOutNotice({ ended }: { readonly ended: SessionEnded }): ReactNode {
  const { texts, locale } = usePreferences();
  const { leave } = useSession();
  const { session } = useSignedIn();
  const accountUrl = useConfig().brand?.accountUrl;
  const [isOpen, setOpen] = useState(true);
  const now = Date.now();
  const { why, notYou } = endedText(ended, texts, { locale, now });
  const which = texts.ended.which(
    deviceLabel(session.device.label, texts),
    clockTime(session.createdAt, now, locale),
  );
  const signIn = (
    <Button variant="primary" onClick={leave}>
      {texts.ended.signIn}
    </Button>
  );
  if (!isOpen) {
    return (
      <Alert type="warning" header={texts.ended.title} action={signIn}>
        {why} {which}
      </Alert>
    );
  }
  return (
    <Modal
      visible
      header={texts.ended.title}
      closeAriaLabel={texts.close}
      onDismiss={() => setOpen(false)}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={() => setOpen(false)}>{texts.ended.stay}</Button>
            {signIn}
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Box variant="p">{why}</Box>
        <Box color="text-body-secondary">
          <span className="outside">{which}</span>
        </Box>
        {notYou !== undefined && (
          <Alert
            type="warning"
            header={ended.code === "session_revoked" ? undefined : texts.ended.notYou.title}
          >
            {notYou}{" "}
            {accountUrl !== undefined && ended.code !== "session_revoked" && (
              <Link href={accountUrl} external externalIconAriaLabel={texts.account.newTab}>
                {texts.account.title}
              </Link>
            )}
          </Alert>
        )}
        <Box color="text-body-secondary">{texts.ended.keep}</Box>
      </SpaceBetween>
    </Modal>
  );
}
