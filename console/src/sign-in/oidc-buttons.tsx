import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { labelOf, type OidcButton } from "../config.ts";
import { useTexts } from "../preferences/preferences.tsx";

interface OidcButtonsProps {
  readonly sources: readonly OidcButton[];
  /** A path of this host to come back to. */
  readonly returnTo: string;
  /** Whether there is no other way to sign in. */
  readonly isOnly: boolean;
  /** Who signs in again, where that is known: the button of that user's source comes first. */
  readonly again: string | undefined;
}

/** A button for each OpenID Connect source; each leads to the provider and back. */
export function OidcButtons({ sources, returnTo, isOnly, again }: OidcButtonsProps): ReactNode {
  const texts = useTexts();
  if (sources.length === 0) return null;
  const own = sourceOf(again);
  const ordered = [...sources].sort((a, b) => Number(b.name === own) - Number(a.name === own));
  return (
    <SpaceBetween size="s">
      {ordered.map((source) => (
        <Button
          key={source.name}
          variant={isOnly || source.name === own ? "primary" : "normal"}
          fullWidth
          href={withReturn(source.startPath, returnTo)}
        >
          {texts.signIn.with(labelOf(source))}
        </Button>
      ))}
    </SpaceBetween>
  );
}

/** The OIDC source that a user is of; `undefined` for users of the directory, whose names have no colon. */
export function sourceOf(userId: string | undefined): string | undefined {
  const colon = userId?.indexOf(":") ?? -1;
  return colon < 0 ? undefined : userId?.slice(0, colon);
}

function withReturn(startPath: string, returnTo: string): string {
  return `${startPath}${startPath.includes("?") ? "&" : "?"}returnTo=${encodeURIComponent(returnTo)}`;
}
