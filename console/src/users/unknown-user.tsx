import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { useTexts } from "../preferences/preferences.tsx";

/** In place of the tables of a user who has neither sessions nor endings. */
export function UnknownUser(): ReactNode {
  const { detail } = useTexts();
  return (
    <Container header={<Header variant="h2">{detail.unknownTitle}</Header>}>
      <SpaceBetween size="m">
        <Box variant="p">{detail.unknown}</Box>
        <Link href="#/users">{detail.toUsers}</Link>
      </SpaceBetween>
    </Container>
  );
}
