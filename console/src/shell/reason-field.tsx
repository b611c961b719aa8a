import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useState, type ReactNode } from "react";
import { useTexts } from "../preferences/preferences.tsx";

/** Characters of a reason that the API takes. */
const LONGEST_REASON = 200;

/** The reason that an administrator gives for an act, as it is being typed. */
export interface Reason {
  readonly text: string;
  readonly setText: (text: string) => void;
  /** What to send; `undefined` where nothing was given. */
  readonly given: string | undefined;
  /** While it is too long to be sent: the field says so. */
  readonly isTooLong: boolean;
}

/** The state of a {@link ReasonField}. */
export function useReason(): Reason {
  const [text, setText] = useState("");
  const trimmed = text.trim();
  return {
    text,
    setText,
    given: trimmed === "" ? undefined : trimmed,
    isTooLong: trimmed.length > LONGEST_REASON,
  };
}

/** Asks why sessions are ended; nobody has to say. */
export function ReasonField({ reason }: { readonly reason: Reason }): ReactNode {
  const { reason: texts } = useTexts();
  return (
    <FormField
      label={
        <>
          {texts.label} <i>– {texts.optional}</i>
        </>
      }
      description={texts.hint}
      constraintText={texts.length(reason.given?.length ?? 0, LONGEST_REASON)}
      errorText={reason.isTooLong ? texts.tooLong(LONGEST_REASON) : ""}
      stretch
    >
      <Input
        value={reason.text}
        autoComplete={false}
        onChange={({ detail }) => reason.setText(detail.value)}
      />
    </FormField>
  );
}
