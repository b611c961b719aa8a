import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState, type ReactNode } from "react";
import { failureText } from "../api/failure-text.ts";
import type { ConsoleConfig } from "../config.ts";
import { useTexts } from "../preferences/preferences.tsx";
import { useSession, useSignedIn } from "../../../client/react/index.ts";
import { Failure } from "../shell/failure.tsx";
import { NO_FAULTS, readRefusal, type SignInFaults } from "../sign-in/faults.ts";
import { OidcButtons, sourceOf } from "../sign-in/oidc-buttons.tsx";
import { PasswordForm } from "../sign-in/password-form.tsx";

interface ReauthenticateProps extends Pick<ConsoleConfig, "identity"> {
  readonly onDone: () => void;
  readonly onCancel: () => void;
}

/** Asks people who signed in long ago to sign in again: by password, or at the provider of that user. */
export function Reauthenticate({ identity, onDone, onCancel }: ReauthenticateProps): ReactNode {
  const texts = useTexts();
  const session = useSession();
  const { user } = useSignedIn();
  const [faults, setFaults] = useState<SignInFaults>(NO_FAULTS);
  const [isBusy, setBusy] = useState(false);
  const source = sourceOf(user.id);

  async function prove(password: string): Promise<void> {
    setBusy(true);
    const answer = await session.logIn({ username: user.id, password });
    setBusy(false);
    if (answer.outcome === "signed-in") onDone();
    else if (answer.outcome === "refused") setFaults(readRefusal(answer.problem, texts, Date.now()));
    else if (answer.outcome === "unreachable") setFaults({ failure: failureText(answer, texts) });
    // The session that there is gives its place up: only another login that came between takes it.
    else setFaults({ failure: texts.signIn.deny.text });
  }

  return (
    <Modal visible header={texts.reauthenticate.title} closeAriaLabel={texts.close} onDismiss={onCancel}>
      <SpaceBetween size="l">
        <Box variant="p">{texts.reauthenticate.text}</Box>
        {faults.failure !== undefined && <Failure text={faults.failure} />}
        {source === undefined ? (
          <PasswordForm
            username={user.id}
            isBusy={isBusy}
            faults={faults}
            submitText={texts.reauthenticate.submit}
            onSubmit={({ password }) => void prove(password)}
          />
        ) : (
          <>
            <Alert type="info">{texts.reauthenticate.elsewhere}</Alert>
            <OidcButtons
              sources={identity.oidc.filter(({ name }) => name === source)}
              returnTo={`/${location.hash}`}
              isOnly
              again={user.id}
            />
          </>
        )}
      </SpaceBetween>
    </Modal>
  );
}
