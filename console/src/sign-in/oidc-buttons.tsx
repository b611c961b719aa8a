import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import type { OidcButton } from "../config.ts";
import { useTexts } from "../preferences/preferences.tsx";

interface OidcButtonsProps {
  readonly sources: readonly OidcButton[];
  /** A path of this host to come back to. */
  readonly returnTo: string;
  /** Whether there is no other way to sign in. */
  readonly isOnly: boolean;
}

/** A button for each OpenID Connect source; each leads to the provider and back. */
export function OidcButtons({ sources, returnTo, isOnly }: OidcButtonsProps): ReactNode {
  const texts = useTexts();
  if (sources.length === 0) return null;
  return (
    <SpaceBetween size="s">
      {sources.map(({ name, startPath }) => (
        <Button
          key={name}
          variant={isOnly ? "primary" : "normal"}
          fullWidth
          href={withReturn(startPath, returnTo)}
        >
          {texts.signIn.with(name)}
        </Button>
      ))}
    </SpaceBetween>
  );
}

function withReturn(startPath: string, returnTo: string): string {
  return `${startPath}${startPath.includes("?") ? "&" : "?"}returnTo=${encodeURIComponent(returnTo)}`;
}
