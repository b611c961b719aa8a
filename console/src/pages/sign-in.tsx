import Alert from "@cloudscape-design/components/alert";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState, type ReactNode } from "react";
import type { SessionEnded } from "../../../client/watch-session.ts";
import { failureText } from "../api/failure-text.ts";
import type { LoginAnswer } from "../../../client/session-client.ts";
import type { ConsoleConfig } from "../config.ts";
import { usePreferences } from "../preferences/preferences.tsx";
import { endedText } from "../session/ended-text.ts";
import { useSession } from "../../../client/react/index.ts";
import { DevicePicker } from "../sign-in/device-picker.tsx";
import { OidcButtons, sourceOf } from "../sign-in/oidc-buttons.tsx";
import { NO_FAULTS, readRefusal, type SignInFaults } from "../sign-in/faults.ts";
import { PasswordForm } from "../sign-in/password-form.tsx";
import { Failure } from "../shell/failure.tsx";
import { usePageTitle } from "../shell/use-page-title.ts";

interface SignInProps {
  readonly identity: ConsoleConfig["identity"];
  /** How the last session of this browser ended, where it left a trace. */
  readonly ended: SessionEnded | undefined;
  /** The user who was signed in on this page and signs in again. */
  readonly again: string | undefined;
}

type AtTheLimit = Extract<LoginAnswer, { outcome: "session-limit" }>;

/** The sign-in, and at the limit of `ask` the picker of devices. */
export default function SignIn({ identity, ended, again }: SignInProps): ReactNode {
  const { texts, locale } = usePreferences();
  const session = useSession();
  const [faults, setFaults] = useState<SignInFaults>(NO_FAULTS);
  const [isBusy, setBusy] = useState(false);
  const [limit, setLimit] = useState<AtTheLimit & { attempt: number }>();
  usePageTitle(limit?.atLimit === "ask" ? texts.picker.title : texts.signIn.title);

  async function signIn(login: () => Promise<LoginAnswer>): Promise<void> {
    setBusy(true);
    const answer = await login();
    setBusy(false);
    if (answer.outcome === "signed-in") return;
    if (answer.outcome === "session-limit") {
      setFaults(NO_FAULTS);
      setLimit((before) => ({ ...answer, attempt: (before?.attempt ?? 0) + 1 }));
      return;
    }
    setLimit(undefined);
    setFaults(
      answer.outcome === "refused"
        ? readRefusal(answer.problem, texts, Date.now())
        : { ...NO_FAULTS, failure: failureText(answer, texts) },
    );
  }

  if (limit?.atLimit === "ask") {
    return (
      <DevicePicker
        key={limit.attempt}
        sessions={limit.sessions}
        isAgain={limit.attempt > 1}
        isBusy={isBusy}
        onChoose={(choice) => void signIn(() => limit.choose(choice))}
        onCancel={() => setLimit(undefined)}
      />
    );
  }
  return (
    <SpaceBetween size="l">
      {ended !== undefined && (
        <Alert type="info">{endedText(ended, texts, { locale, now: Date.now() }).why}</Alert>
      )}
      <Container header={<Header variant="h1">{texts.signIn.title}</Header>}>
        <SpaceBetween size="l">
          {limit !== undefined && (
            <Alert type="warning" header={texts.signIn.deny.title}>
              {texts.signIn.deny.text}
            </Alert>
          )}
          {faults.failure !== undefined && <Failure text={faults.failure} />}
          {identity.passwords && (
            <PasswordForm
              isBusy={isBusy}
              faults={faults}
              submitText={texts.signIn.submit}
              suggested={sourceOf(again) === undefined ? again : undefined}
              onSubmit={(credentials) => {
                setLimit(undefined);
                void signIn(() => session.logIn(credentials));
              }}
            />
          )}
          <OidcButtons
            sources={identity.oidc}
            returnTo={`/${location.hash}`}
            isOnly={!identity.passwords}
            again={again}
          />
          {!identity.passwords && identity.oidc.length === 0 && (
            <Alert type="info">{texts.signIn.noWay}</Alert>
          )}
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  );
}
