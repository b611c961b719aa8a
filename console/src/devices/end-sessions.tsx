import type { OwnSessionView } from "../../../src/api/parts/views.ts";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { ApiError, valueOf } from "../api/call.ts";
import { own } from "../api/calls.ts";
import { errorText } from "../api/failure-text.ts";
import type { ConsoleConfig } from "../config.ts";
import { useTexts } from "../preferences/preferences.tsx";
import { useSignedIn } from "../../../client/react/index.ts";
import { Confirm } from "../shell/confirm.tsx";
import { useNotify } from "../shell/notices.tsx";
import type { Texts } from "../texts/en.ts";
import { deviceLabel } from "./device-label.ts";
import { NextSteps } from "./next-steps.tsx";
import { Reauthenticate } from "./reauthenticate.tsx";

export type ToEnd =
  | { readonly kind: "one"; readonly session: OwnSessionView }
  /** One that somebody else began: afterwards it says what to do next. */
  | { readonly kind: "not-me"; readonly session: OwnSessionView }
  | { readonly kind: "others"; readonly sessionCount: number };

interface EndSessionsProps extends Pick<ConsoleConfig, "identity"> {
  readonly toEnd: ToEnd;
  readonly onClose: () => void;
}

/**
 * Ends one of one's own sessions, or all others: asks, and where the login is too old for it asks for the
 * password first. Of a session that somebody else began it says what to do next.
 */
export function EndSessions({ toEnd, identity, onClose }: EndSessionsProps): ReactNode {
  const texts = useTexts();
  const { user } = useSignedIn();
  const notify = useNotify();
  const queries = useQueryClient();
  const [isStale, setStale] = useState(false);
  const [hasEnded, setEnded] = useState(false);
  const mutation = useMutation({
    mutationFn: () => end(toEnd, texts),
    onSuccess: (text) => {
      notify({ type: "success", text });
      if (toEnd.kind === "not-me") setEnded(true);
      else onClose();
    },
    onError: (error) => {
      if (isReauthenticationRequired(error)) setStale(true);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["own-sessions", user.id] }),
  });

  if (isStale) {
    return (
      <Reauthenticate
        identity={identity}
        onCancel={onClose}
        onDone={() => {
          setStale(false);
          mutation.mutate();
        }}
      />
    );
  }
  if (hasEnded) return <NextSteps onClose={onClose} />;
  const { title, text } = questionOf(toEnd, texts);
  return (
    <Confirm
      title={title}
      submitText={toEnd.kind === "others" ? texts.devices.endOthers : texts.devices.end}
      isBusy={mutation.isPending}
      failure={
        mutation.error && !isReauthenticationRequired(mutation.error)
          ? errorText(mutation.error, texts)
          : undefined
      }
      onSubmit={() => mutation.mutate()}
      onCancel={onClose}
    >
      {text}
    </Confirm>
  );
}

function questionOf(toEnd: ToEnd, texts: Texts): { readonly title: string; readonly text: string } {
  const { devices, notMe } = texts;
  if (toEnd.kind === "others")
    return { title: devices.confirmOthers(toEnd.sessionCount), text: devices.confirmOthersText };
  const label = deviceLabel(toEnd.session.device.label, texts);
  return toEnd.kind === "one"
    ? { title: devices.confirmOne(label), text: devices.confirmOneText }
    : { title: notMe.confirm(label), text: notMe.confirmText };
}

/** @returns what to say when it is done. @throws ApiError */
async function end(toEnd: ToEnd, texts: Texts): Promise<string> {
  const { devices } = texts;
  if (toEnd.kind === "others") return devices.endedOthers(valueOf(await own.endOtherSessions()).sessionCount);
  const answer = await own.endSession(toEnd.session.id);
  // One that somebody else began and that is gone already is what was wanted.
  const isGone =
    toEnd.kind === "not-me" && answer.outcome === "refused" && answer.problem.code === "not_found";
  if (!isGone) valueOf(answer);
  return devices.ended(deviceLabel(toEnd.session.device.label, texts));
}

const isReauthenticationRequired = (error: Error): boolean =>
  error instanceof ApiError &&
  error.failure.outcome === "refused" &&
  error.failure.problem.code === "reauthentication_required";
