import type * as Library from "cdk-monitoring-constructs";
import { requireFromHere } from "../package-place.ts";

/**
 * cdk-monitoring-constructs. Loading it takes a third of a second, so that only those wait for it who call
 * `monitor()`.
 */
export const monitoringLibrary = (): typeof Library =>
  requireFromHere("cdk-monitoring-constructs") as typeof Library;
