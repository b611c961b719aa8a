import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useState, type ReactNode } from "react";
import { useTexts } from "../preferences/preferences.tsx";

/** Characters (Unicode code points) of a reason that the API takes. */
const LONGEST_REASON = 200;

/** The reason that an administrator gives for an act, as it is being typed. */
export interface Reason {
  readonly text: string;
  readonly setText: (text: string) => void;
  /** What to send; `undefined` where nothing was given. */
  readonly given: string | undefined;
  readonly length: number;
  /** While it is too long to be sent: the field says so. */
  readonly isTooLong: boolean;
}

/** The state of a {@link ReasonField}. */
export function useReason(): Reason {
  const [text, setText] = useState("");
  // What is pasted may have line breaks and tabs in it, which the API does not take.
  const line = text.replaceAll(/\p{Cc}+/gu, " ").trim();
  const length = Array.from(line).length;
  return { text, setText, given: line === "" ? undefined : line, length, isTooLong: length > LONGEST_REASON };
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
      constraintText={texts.length(reason.length, LONGEST_REASON)}
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
