import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input, { type InputProps } from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useTexts } from "../preferences/preferences.tsx";
import { countdown } from "../time/format.ts";
import { useNow } from "../time/use-now.ts";
import { NO_FAULTS, type SignInFaults } from "./faults.ts";

interface PasswordFormProps {
  readonly isBusy: boolean;
  /** Of the last attempt. */
  readonly faults: SignInFaults;
  readonly submitText: string;
  /** Whose password it is, where that is settled. */
  readonly username?: string;
  /** Who it is likely to be: can be changed. */
  readonly suggested?: string | undefined;
  readonly onSubmit: (credentials: { readonly username: string; readonly password: string }) => void;
}

/** User name and password, with what was wrong beside each; while attempts are throttled it takes none. */
export function PasswordForm({
  isBusy,
  faults,
  submitText,
  username,
  suggested,
  onSubmit,
}: PasswordFormProps): ReactNode {
  const texts = useTexts();
  const [values, setValues] = useState({ username: username ?? suggested ?? "", password: "" });
  const [missing, setMissing] = useState(NO_FAULTS);
  const userNameInput = useRef<InputProps.Ref>(null);
  const passwordInput = useRef<InputProps.Ref>(null);
  const secondsLeft = useSecondsLeft(faults.throttledUntil);
  const shown = { ...faults, ...missing };

  useEffect(() => {
    if (faults.username !== undefined) userNameInput.current?.focus();
    else if (faults.password !== undefined) passwordInput.current?.select();
  }, [faults]);

  function submit(): void {
    if (isBusy || secondsLeft > 0) return;
    const { username: name, password } = values;
    setMissing({
      ...(name === "" && { username: texts.signIn.noUserName }),
      ...(password === "" && { password: texts.signIn.noPassword }),
    });
    if (name === "") userNameInput.current?.focus();
    else if (password === "") passwordInput.current?.focus();
    else onSubmit(values);
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <SpaceBetween size="l">
        {faults.throttledUntil !== undefined && (
          <div role="alert">
            <Alert type={secondsLeft > 0 ? "error" : "info"} header={texts.signIn.throttled}>
              {secondsLeft > 0 ? (
                // Read out once with the alert, not every second.
                <span role="timer" aria-live="off">
                  {texts.signIn.waitFor(countdown(secondsLeft))}
                </span>
              ) : (
                texts.signIn.tryNow
              )}
            </Alert>
          </div>
        )}
        {username === undefined && (
          <FormField label={texts.signIn.userName} errorText={shown.username}>
            <Input
              ref={userNameInput}
              name="username"
              autoComplete="username"
              autoFocus={suggested === undefined}
              disableBrowserAutocorrect
              spellcheck={false}
              value={values.username}
              onChange={({ detail }) => setValues({ ...values, username: detail.value })}
            />
          </FormField>
        )}
        <FormField label={texts.signIn.password} errorText={shown.password}>
          <Input
            ref={passwordInput}
            name="password"
            type="password"
            autoComplete="current-password"
            autoFocus={username !== undefined || suggested !== undefined}
            value={values.password}
            onChange={({ detail }) => setValues({ ...values, password: detail.value })}
          />
        </FormField>
        <Button variant="primary" formAction="submit" loading={isBusy} disabled={secondsLeft > 0} fullWidth>
          {submitText}
        </Button>
      </SpaceBetween>
    </form>
  );
}

function useSecondsLeft(until: number | undefined): number {
  const isOn = until !== undefined;
  const now = useNow(1000, isOn);
  return isOn ? Math.max(0, Math.ceil((until - now) / 1000)) : 0;
}
