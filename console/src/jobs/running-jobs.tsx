import Alert from "@cloudscape-design/components/alert";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { useConfig } from "../config-context.tsx";
import { useTexts } from "../preferences/preferences.tsx";
import { jobHref } from "./job-path.ts";
import { useJobs } from "./use-jobs.ts";

/** Leads to the lists that are being logged out, whoever began them; nothing where there is none. */
export function RunningJobs(): ReactNode {
  const { jobs: texts } = useTexts();
  const isWanted = useConfig().jobs;
  const { data = [] } = useJobs({ isWanted });
  const running = data.filter(({ state }) => state === "running");
  if (running.length === 0) return null;
  return (
    <Alert type="info">
      <SpaceBetween size="xxs">
        {running.map(({ id, users, usersDone }) => (
          <Link key={id} href={jobHref(id)}>
            {texts.running(usersDone, users)}
          </Link>
        ))}
      </SpaceBetween>
    </Alert>
  );
}
