import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState, type ReactNode } from "react";
import { useTexts } from "../preferences/preferences.tsx";

interface FindUserProps {
  /** What is found now; `""`: everybody. */
  readonly found: string;
  readonly onFind: (text: string) => void;
}

/** Finds users by how their ids begin. */
export function FindUser({ found, onFind }: FindUserProps): ReactNode {
  const { users } = useTexts();
  const [text, setText] = useState(found);
  const [shown, setShown] = useState(found);
  if (shown !== found) {
    // The address was changed by other means: a link, or the way back.
    setShown(found);
    setText(found);
  }
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        // The form in which user ids are kept (Unicode NFC).
        onFind(text.trim().normalize("NFC"));
      }}
    >
      <FormField
        label={users.find}
        description={users.findHint}
        secondaryControl={
          <SpaceBetween direction="horizontal" size="xs">
            <Button formAction="submit">{users.search}</Button>
            {found !== "" && (
              <Button formAction="none" onClick={() => onFind("")}>
                {users.clear}
              </Button>
            )}
          </SpaceBetween>
        }
      >
        <Input
          type="search"
          spellcheck={false}
          disableBrowserAutocorrect
          autoComplete={false}
          value={text}
          onChange={({ detail }) => setText(detail.value)}
        />
      </FormField>
    </form>
  );
}
