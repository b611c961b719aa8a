import { deployedTelemetry } from "./parts.ts";
import { wirePushAuthorize } from "./wiring.ts";

export const handler = wirePushAuthorize({ telemetry: deployedTelemetry({}) });
