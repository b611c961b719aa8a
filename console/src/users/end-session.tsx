import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import type { UserSessionView } from "../../../src/api/parts/views.ts";
import { ApiError } from "../api/call.ts";
import { endUserSession } from "../api/calls.ts";
import { errorText } from "../api/failure-text.ts";
import { deviceLabel } from "../devices/device-label.ts";
import { mayLogOutAdministrators } from "../permissions.ts";
import { useTexts } from "../preferences/preferences.tsx";
import { useSession, useSignedIn } from "../../../client/react/index.ts";
import { Confirm } from "../shell/confirm.tsx";
import { ReasonField, useReason } from "../shell/reason-field.tsx";
import { useNotify } from "../shell/notices.tsx";

interface EndSessionProps {
  readonly session: UserSessionView;
  /** Called when the session has ended, or had ended before. */
  readonly onDone: () => void;
}

/** Ends one session of a user, after asking. */
export function EndSession({ session, onDone }: EndSessionProps): ReactNode {
  const texts = useTexts();
  const { user } = useSignedIn();
  const [isAsking, setAsking] = useState(false);
  const isForbidden = session.isAdmin && !mayLogOutAdministrators(user);
  return (
    <>
      <Button
        variant="inline-link"
        ariaLabel={texts.devices.endNamed(deviceLabel(session.device.label, texts))}
        disabled={isForbidden}
        {...(isForbidden && { disabledReason: texts.users.needsAll })}
        onClick={() => setAsking(true)}
      >
        {texts.devices.end}
      </Button>
      {isAsking && <EndSessionDialog session={session} onDone={onDone} onClose={() => setAsking(false)} />}
    </>
  );
}

function EndSessionDialog(props: EndSessionProps & { readonly onClose: () => void }): ReactNode {
  const { session, onDone, onClose } = props;
  const texts = useTexts();
  const { check } = useSession();
  const own = useSignedIn().session;
  const notify = useNotify();
  const label = deviceLabel(session.device.label, texts);
  const isOwn = session.id === own.id;
  const reason = useReason();
  const mutation = useMutation({
    mutationFn: () => end(session.id, reason.given),
    onSuccess: (outcome) => {
      notify({ type: "success", text: texts.detail[outcome](label) });
      onClose();
      if (isOwn) check();
      onDone();
    },
  });
  return (
    <Confirm
      title={texts.devices.confirmOne(label)}
      submitText={texts.devices.end}
      isBusy={mutation.isPending}
      failure={mutation.error ? errorText(mutation.error, texts) : undefined}
      onSubmit={() => {
        if (!reason.isTooLong) mutation.mutate();
      }}
      onCancel={onClose}
    >
      <SpaceBetween size="s">
        <span className="outside">{texts.detail.endText(session.userId)}</span>
        <ReasonField reason={reason} />
        {isOwn && <Alert type="warning">{texts.detail.endSelf}</Alert>}
      </SpaceBetween>
    </Confirm>
  );
}

/** A session that is not live any more is as good as ended. @throws ApiError */
async function end(sessionId: string, reason: string | undefined): Promise<"ended" | "alreadyEnded"> {
  const answer = await endUserSession(sessionId, reason);
  if (answer.outcome === "refused" && answer.problem.code === "not_found") return "alreadyEnded";
  if (answer.outcome !== "ok") throw new ApiError(answer);
  return "ended";
}
