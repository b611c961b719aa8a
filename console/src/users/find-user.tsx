import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState, type ReactNode } from "react";
import { useTexts } from "../preferences/preferences.tsx";

interface FindUserProps {
  /** What is shown now; `undefined`: everybody. */
  readonly found: string | undefined;
  readonly onFind: (userId: string | undefined) => void;
}

/** Finds one user by the whole id: the API looks ids up, and cannot search in them. */
export function FindUser({ found, onFind }: FindUserProps): ReactNode {
  const { users } = useTexts();
  const [text, setText] = useState("");
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        // The form in which user ids are kept (Unicode NFC).
        const userId = text.trim().normalize("NFC");
        onFind(userId === "" ? undefined : userId);
      }}
    >
      <FormField
        label={users.find}
        description={users.findHint}
        secondaryControl={
          <SpaceBetween direction="horizontal" size="xs">
            <Button formAction="submit">{users.search}</Button>
            {found !== undefined && (
              <Button
                formAction="none"
                onClick={() => {
                  setText("");
                  onFind(undefined);
                }}
              >
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
