"use client";

import { useEffect, useRef, type ReactNode } from "react";
import type { SessionEnded } from "../session-ended.ts";
import { useSession } from "./session-context.ts";

/** What a notice of one's own is made of. */
export interface SignedOutNoticeParts {
  readonly ended: SessionEnded;
  /** Why, in English; see {@link endedText}. */
  readonly text: string;
  /** Leaves the page of the ended session: the state becomes `signed-out`, for the sign-in. */
  readonly leave: () => void;
}

export interface SignedOutNoticeProps {
  /** The notice as a function of what there is to say. @default a paragraph and a button */
  readonly children?: (parts: SignedOutNoticeParts) => ReactNode;
  readonly className?: string;
  /** Why the session ended, in words. @default {@link endedText} */
  readonly text?: (ended: SessionEnded) => string;
  /** On the button. @default "Sign in again" */
  readonly signInText?: string;
}

/**
 * Says that the session has ended, and why; nothing while it is live. The page below stays as it is, with all
 * that was typed. It takes the focus, so that screen readers read it at once.
 */
export function SignedOutNotice({
  children,
  className,
  text = endedText,
  signInText = "Sign in again",
}: SignedOutNoticeProps): ReactNode {
  const { state, leave } = useSession();
  const notice = useRef<HTMLDivElement>(null);
  const ended = "ended" in state ? state.ended : undefined;
  const isShown = ended !== undefined;
  useEffect(() => {
    if (isShown) notice.current?.focus();
  }, [isShown]);

  if (ended === undefined) return null;
  const parts = { ended, text: text(ended), leave };
  if (children !== undefined) return children(parts);
  return (
    <div ref={notice} role="alert" tabIndex={-1} className={className}>
      <p>{parts.text}</p>
      {state.status === "signed-in" && (
        <button type="button" onClick={leave}>
          {signInText}
        </button>
      )}
    </div>
  );
}

/** Why a session ended, by whom and when, in English; the time as the browser writes it. */
export function endedText({ code, endedAt, by }: SessionEnded): string {
  const at = endedAt === undefined ? "" : ` at ${new Date(endedAt).toLocaleTimeString()}`;
  switch (code) {
    case "session_displaced": {
      const device = by !== undefined && "device" in by ? by.device : "another device";
      return `You signed in on ${device}${at}, so this page was signed out.`;
    }
    case "session_revoked":
      return `An administrator signed you out${at}.`;
    case "session_logged_out":
      return `You logged out elsewhere${at}.`;
    case "session_expired":
      return "Your session expired.";
    case "session_unknown":
    case "no_session":
      return "You are signed out.";
  }
}
