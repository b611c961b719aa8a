import Box from "@cloudscape-design/components/box";
import Link from "@cloudscape-design/components/link";
import SideNavigation from "@cloudscape-design/components/side-navigation";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { useLocation } from "wouter";
import { useTexts } from "../preferences/preferences.tsx";
import type { Texts } from "../texts/en.ts";

/** The list of pages, for people with more than one: beside the page, where it is wide enough. */
export function Navigation(): ReactNode {
  const active = useActive();
  const links = linksOf(useTexts());
  return (
    <SideNavigation activeHref={active} items={links.map((link) => ({ type: "link" as const, ...link }))} />
  );
}

/**
 * The same above the page. Not the frame's own menu: that has `aria-expanded` on a `nav`, where ARIA does not
 * allow it.
 */
export function NavigationBar(): ReactNode {
  const active = useActive();
  const texts = useTexts();
  return (
    <nav aria-label={texts.navigation.title}>
      <SpaceBetween direction="horizontal" size="l">
        {linksOf(texts).map(({ href, text }) =>
          href === active ? (
            <span key={href} aria-current="page">
              <Box variant="strong">{text}</Box>
            </span>
          ) : (
            <Link key={href} href={href}>
              {text}
            </Link>
          ),
        )}
      </SpaceBetween>
    </nav>
  );
}

const linksOf = ({ navigation }: Texts): readonly { readonly text: string; readonly href: string }[] => [
  { text: navigation.devices, href: "#/" },
  { text: navigation.users, href: "#/users" },
];

function useActive(): string {
  const [location] = useLocation();
  return location.startsWith("/users") ? "#/users" : "#/";
}
