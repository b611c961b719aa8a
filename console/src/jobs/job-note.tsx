import Alert from "@cloudscape-design/components/alert";
import type { ReactNode } from "react";
import { useTexts } from "../preferences/preferences.tsx";

/** Says, before it begins, that so many are logged out without this page. */
export function JobNote(): ReactNode {
  const { jobs } = useTexts();
  return <Alert type="info">{jobs.note}</Alert>;
}
