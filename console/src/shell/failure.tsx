import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import type { ReactNode } from "react";
import { useTexts } from "../preferences/preferences.tsx";

interface FailureProps {
  readonly text: string;
  readonly onRetry?: () => void;
}

/** What did not work, and a way to try again. */
export function Failure({ text, onRetry }: FailureProps): ReactNode {
  const texts = useTexts();
  return (
    <div role="alert">
      <Alert
        type="error"
        header={texts.failures.title}
        action={onRetry && <Button onClick={onRetry}>{texts.retry}</Button>}
      >
        {text}
      </Alert>
    </div>
  );
}
