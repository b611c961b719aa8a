import Box from "@cloudscape-design/components/box";
import Link from "@cloudscape-design/components/link";
import SideNavigation from "@cloudscape-design/components/side-navigation";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { useLocation } from "wouter";
import { useConfig } from "../config-context.tsx";
import { JOBS_HREF } from "../jobs/job-path.ts";
import { useTexts } from "../preferences/preferences.tsx";

/** The list of pages, for people with more than one: beside the page, where it is wide enough. */
export function Navigation(): ReactNode {
  const links = useLinks();
  const active = useActive(links);
  return (
    <SideNavigation activeHref={active} items={links.map((link) => ({ type: "link" as const, ...link }))} />
  );
}

/**
 * The same above the page. Not the frame's own menu: that has `aria-expanded` on a `nav`, where ARIA does not
 * allow it.
 */
export function NavigationBar(): ReactNode {
  const texts = useTexts();
  const links = useLinks();
  const active = useActive(links);
  return (
    <nav aria-label={texts.navigation.title}>
      <SpaceBetween direction="horizontal" size="l">
        {links.map(({ href, text }) =>
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

interface PageLink {
  readonly text: string;
  readonly href: string;
}

function useLinks(): readonly PageLink[] {
  const { navigation } = useTexts();
  const { activity, jobs } = useConfig();
  return [
    { text: navigation.devices, href: "#/" },
    ...(activity ? [{ text: navigation.overview, href: "#/overview" }] : []),
    { text: navigation.users, href: "#/users" },
    ...(activity
      ? [
          { text: navigation.sharing, href: "#/sharing" },
          { text: navigation.activity, href: "#/activity" },
        ]
      : []),
    ...(jobs ? [{ text: navigation.jobs, href: JOBS_HREF }] : []),
  ];
}

/** The link of the page that is shown, or of the list that it belongs to. */
function useActive(links: readonly PageLink[]): string {
  const [location] = useLocation();
  return links.find(({ href }) => href !== "#/" && `#${location}`.startsWith(href))?.href ?? "#/";
}
