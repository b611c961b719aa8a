import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { useTexts } from "../preferences/preferences.tsx";
import { usePageTitle } from "../shell/use-page-title.ts";

export default function NotFound(): ReactNode {
  const { notFound } = useTexts();
  usePageTitle(notFound.title);
  return (
    <SpaceBetween size="m">
      <Header variant="h1">{notFound.title}</Header>
      <Box variant="p">{notFound.text}</Box>
      <Link href="/#/">{notFound.home}</Link>
    </SpaceBetween>
  );
}
