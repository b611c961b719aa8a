import Box from "@cloudscape-design/components/box";
import Spinner from "@cloudscape-design/components/spinner";
import type { ReactNode } from "react";
import { useTexts } from "../preferences/preferences.tsx";

export function Loading(): ReactNode {
  const texts = useTexts();
  return (
    <div role="status">
      <Box textAlign="center" padding="xxl">
        <Spinner /> {texts.loading}
      </Box>
    </div>
  );
}
